import { defineConfig } from 'vitest/config'
import { findChrome } from '../../scripts/chrome.mjs'
import { nodeAndBrowser } from '../../vitest.browser.mjs'

const gpuOfNode = { setupFiles: ['./test/node-gpu.ts'], env: { MOBILENETV2_CHROME: findChrome() ?? '' } }
// A software adapter on a busy processor takes its time to compile.
const timeouts = { testTimeout: 60_000, hookTimeout: 60_000 }
const projects = nodeAndBrowser.map((project) => ({
  ...project,
  test: { ...project.test, ...timeouts, ...(project.test.name === 'node' ? gpuOfNode : {}) },
}))

export default defineConfig({ test: { projects } })
