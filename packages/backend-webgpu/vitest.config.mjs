import { defineConfig } from 'vitest/config'
import { findChrome } from '../../scripts/chrome.mjs'
import { nodeAndBrowser } from '../../vitest.browser.mjs'

const gpuOfNode = { setupFiles: ['./test/support/node-gpu.ts'], env: { MOBILENETV2_CHROME: findChrome() ?? '' } }
// A software adapter takes long to compile kernels on a busy processor.
const timeouts = { testTimeout: 60_000, hookTimeout: 60_000 }
// Without this list Vite would find these dependencies while a test runs, and reload the page.
const include = ['fast-check', '@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-webgpu']
const projects = nodeAndBrowser.map((project) => ({
  ...project,
  optimizeDeps: { include },
  test: { ...project.test, ...timeouts, ...(project.test.name === 'node' ? gpuOfNode : {}) },
}))

export default defineConfig({ test: { projects } })
