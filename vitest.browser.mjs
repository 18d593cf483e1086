import { playwright } from '@vitest/browser-playwright'
import { findChrome } from './scripts/chrome.mjs'

// A test that hangs still ends, and a busy machine causes no failure.
const timeouts = { testTimeout: 60_000, hookTimeout: 60_000 }

const node = {
  test: {
    name: 'node',
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.browser.test.ts'],
    // For tests that start a browser themselves.
    env: { MOBILENETV2_CHROME: findChrome() ?? '' },
    ...timeouts,
  },
}

// WebGPU on the software adapter that Chromium brings, without Dawn's experimental features.
const webgpu = ['--enable-unsafe-webgpu', '--disable-dawn-features=allow_unsafe_apis']

// Firefox and WebKit are those of Playwright, and have no WebGPU there.
const { MOBILENETV2_BROWSER: engine = 'chromium' } = process.env
const launchOptions = engine === 'chromium' ? { executablePath: findChrome() ?? undefined, args: webgpu } : {}

// The page is cross-origin isolated, so that threads can share memory.
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

const browser = {
  server: { headers: isolation },
  // Without this line Vite would find the dependency while a test runs, and reload the page.
  optimizeDeps: { include: ['fast-check'] },
  test: {
    name: 'browser',
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.node.test.ts'],
    ...timeouts,
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
