import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type LaunchOptions, type Page } from 'playwright'
import { type PreviewServer, preview } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const examples = fileURLToPath(new URL('../../../examples/', import.meta.url))
const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core')), 'utf8')

/** The path of one of the drawings, as a PNG. */
export const drawing = (name: string): string => `${examples}${name}.png`

/** The built site on a free port, and a Chromium with a camera that shows a test picture. */
export interface Site {
  readonly url: string
  readonly browser: Browser
  /** A page in a profile of its own, its console's errors and its requests, without those of its service worker, collected. */
  open(options?: BrowserContextOptions & { readonly part?: string }): Promise<{ page: Page; errors: string[]; requests: string[] }>
  close(): Promise<void>
}

/** Chromium with a camera that shows a test picture and is never refused. */
export function launchOptions(): LaunchOptions {
  const { MOBILENETV2_CHROME: executablePath } = process.env
  return {
    ...(executablePath && { executablePath }),
    args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  }
}

/** What a page's console says is wrong, from now on. */
export function collectErrors(page: Page): string[] {
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(String(error)))
  return errors
}

export async function startSite(): Promise<Site> {
  spawnSync(process.execPath, [fileURLToPath(new URL('../../../scripts/draw-examples.mjs', import.meta.url))], { stdio: 'inherit' })
  const server: PreviewServer = await preview({ root, preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' })
  const url = server.resolvedUrls!.local[0]!
  const browser = await chromium.launch(launchOptions())
  return {
    url,
    browser,
    async open({ part = 'classify', ...options } = {}) {
      const context = await browser.newContext(options)
      const page = await context.newPage()
      page.setDefaultTimeout(30_000)
      const errors = collectErrors(page)
      const requests: string[] = []
      context.on('request', (request) => {
        if (request.serviceWorker() === null) requests.push(request.url())
      })
      await page.goto(`${url}#${part}`)
      return { page, errors, requests }
    },
    async close() {
      await browser.close()
      await server.close().catch(() => {})
    },
  }
}

/** Waits until the model is loaded and compiled. */
export async function ready(page: Page): Promise<void> {
  await page.locator('[data-status=ready]').waitFor()
}

/** What axe finds wrong, one line a rule. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> }
    }
    const { violations: found } = await checker.run()
    return found.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`,
    )
  })
}
