import { defineConfig } from 'vitest/config'
import { nodeAndBrowser } from '../../vitest.browser.mjs'

export default defineConfig({ test: { projects: nodeAndBrowser } })
