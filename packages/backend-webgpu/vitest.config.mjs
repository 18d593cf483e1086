import { defineConfig } from 'vitest/config'
import { findChrome } from '../../scripts/chrome.mjs'
import { nodeAndBrowser } from '../../vitest.browser.mjs'

const gpuOfNode = { setupFiles: ['./test/support/node-gpu.ts'], env: { MOBILENETV2_CHROME: findChrome() ?? '' } }
// A software adapter on a busy processor takes its time to compile.
const timeouts = { testTimeout: 60_000, hookTimeout: 60_000 }
// Found only when a test runs, they would reload the page in the middle of it.
const include = ['fast-check', '@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-webgpu']
const projects = nodeAndBrowser.map((project) => ({
  ...project,
  optimizeDeps: { include },
  test: { ...project.test, ...timeouts, ...(project.test.name === 'node' ? gpuOfNode : {}) },
}))

export default defineConfig({ test: { projects } })
