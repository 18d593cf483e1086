import { playwright } from '@vitest/browser-playwright'
import { findChrome } from './scripts/chrome.mjs'

// A hang is found in the end; a busy machine is no failure.
const testTimeout = 60_000

const node = {
  test: {
    name: 'node',
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.browser.test.ts'],
    // For those that start a browser themselves.
    env: { MOBILENETV2_CHROME: findChrome() ?? '' },
    testTimeout,
  },
}

// WebGPU on the software adapter that Chromium brings, without Dawn's experimental features.
const webgpu = ['--enable-unsafe-webgpu', '--disable-dawn-features=allow_unsafe_apis']

// Firefox and WebKit are those of Playwright, and have no WebGPU there.
const { MOBILENETV2_BROWSER: engine = 'chromium' } = process.env
const launchOptions = engine === 'chromium' ? { executablePath: findChrome() ?? undefined, args: webgpu } : {}

// A page that is cross-origin isolated, so that threads can share memory.
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

const browser = {
  server: { headers: isolation },
  // Found only when a test runs, it would reload the page in the middle of it.
  optimizeDeps: { include: ['fast-check'] },
  test: {
    name: 'browser',
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.node.test.ts'],
    testTimeout,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions }),
      instances: [{ browser: engine }],
    },
  },
}

/**
 * The vitest projects of a package whose tests also run in a browser: `*.test.ts` in both, `*.node.test.ts` and
 * `*.browser.test.ts` in one. `MOBILENETV2_NODE_ONLY` leaves the browser out, for a second run on another version of Node.
 */
export const nodeAndBrowser = process.env.MOBILENETV2_NODE_ONLY ? [node] : [node, browser]
