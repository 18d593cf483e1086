import { playwright } from '@vitest/browser-playwright'
import { findChrome } from './scripts/chrome.mjs'

/** The vitest projects of a package whose tests also run in a browser: `*.test.ts` in both, `*.node.test.ts` only in Node. */
export const nodeAndBrowser = [
  { test: { name: 'node', include: ['test/**/*.test.ts'], exclude: ['test/**/*.browser.test.ts'] } },
  {
    test: {
      name: 'browser',
      include: ['test/**/*.test.ts'],
      exclude: ['test/**/*.node.test.ts'],
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions: { executablePath: findChrome() ?? undefined } }),
        instances: [{ browser: 'chromium' }],
      },
    },
  },
]
