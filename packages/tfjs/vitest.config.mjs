import { defineConfig } from 'vitest/config'
import { findChrome } from '../../scripts/chrome.mjs'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    env: { MOBILENETV2_CHROME: findChrome() ?? '' },
    // Training takes seconds, on a busy machine several times as many.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
