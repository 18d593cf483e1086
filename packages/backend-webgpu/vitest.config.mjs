import { defineConfig } from 'vitest/config'
import { findChrome } from '../../scripts/chrome.mjs'
import { nodeAndBrowser } from '../../vitest.browser.mjs'

const gpuOfNode = { setupFiles: ['./test/node-gpu.ts'], env: { MOBILENETV2_CHROME: findChrome() ?? '' } }
const projects = nodeAndBrowser.map((project) =>
  project.test.name === 'node' ? { ...project, test: { ...project.test, ...gpuOfNode } } : project,
)

export default defineConfig({ test: { projects } })
