import { defineConfig } from 'vitest/config'
import { findChrome } from '../../scripts/chrome.mjs'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    env: { MOBILENETV2_CHROME: findChrome() ?? '' },
    // A browser, and a whole network in it, on a machine that does other things too.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    fileParallelism: false,
  },
})
