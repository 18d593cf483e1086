import { defineConfig } from 'vitest/config'
import { findChrome } from '../../scripts/chrome.mjs'

export default defineConfig({ test: { include: ['test/**/*.test.ts'], env: { MOBILENETV2_CHROME: findChrome() ?? '' } } })
