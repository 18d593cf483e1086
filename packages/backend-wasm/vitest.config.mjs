import { defineConfig } from 'vitest/config'
import { nodeAndBrowser } from '../../vitest.browser.mjs'
import { coverage } from '../../vitest.coverage.mjs'

export default defineConfig({ test: { projects: nodeAndBrowser, coverage: coverage({ lines: 86, branches: 76 }) } })
