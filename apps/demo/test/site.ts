import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type JSHandle,
  type LaunchOptions,
  type Locator,
  type Page,
} from 'playwright'
import { type PreviewServer, preview } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const pictures = fileURLToPath(new URL('../../../examples/pictures/', import.meta.url))
const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core')), 'utf8')

/** Whether the tests have ImageNet's model; without it they take one that npm carries, by its address. */
export const imagenet: boolean = Boolean(process.env.MOBILENETV2_MODELS)

/** The address of a part with values, and with a model that the tests have. */
export function hashOf(part: string, values: Readonly<Record<string, string>> = {}): string {
  const all = new URLSearchParams({ ...(!imagenet && { model: 'nsfw-1.4-224' }), ...values })
  return `#${part}${all.size === 0 ? '' : `?${all}`}`
}

/** The path of one of the drawings, as a PNG. */
export const drawing = (name: string): string => `${pictures}${name}.png`

/** The built site on a free port, and a Chromium with a camera that shows a test picture. */
export interface Site {
  readonly url: string
  readonly browser: Browser
  /** A page in a profile of its own, its console's errors and its requests, without those of its service worker, collected. */
  open(
    options?: BrowserContextOptions & { readonly part?: string; readonly values?: Readonly<Record<string, string>> },
  ): Promise<{ page: Page; errors: string[]; requests: string[] }>
  close(): Promise<void>
}

/** A camera that shows a test picture. */
export const fakeCamera = '--use-fake-device-for-media-stream'

/** A user who refuses nothing. */
export const consent = '--use-fake-ui-for-media-stream'

/** Chromium, with a camera that shows a test picture and is never refused unless other arguments are given. */
export function launchOptions(args: readonly string[] = [fakeCamera, consent]): LaunchOptions {
  const { MOBILENETV2_CHROME: executablePath } = process.env
  return { ...(executablePath && { executablePath }), args: [...args] }
}

/** What a page's console says is wrong, from now on. */
export function collectErrors(page: Page): string[] {
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(String(error)))
  return errors
}

export async function startSite(args?: readonly string[]): Promise<Site> {
  spawnSync(process.execPath, [fileURLToPath(new URL('../../../scripts/draw-examples.mjs', import.meta.url))], { stdio: 'inherit' })
  const server: PreviewServer = await preview({ root, preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' })
  const url = server.resolvedUrls!.local[0]!
  const browser = await chromium.launch(launchOptions(args))
  return {
    url,
    browser,
    async open({ part = 'classify', values = {}, ...options } = {}) {
      const context = await browser.newContext(options)
      const page = await context.newPage()
      page.setDefaultTimeout(30_000)
      const errors = collectErrors(page)
      const requests: string[] = []
      context.on('request', (request) => {
        if (request.serviceWorker() === null) requests.push(request.url())
      })
      await page.goto(`${url}${hashOf(part, values)}`)
      return { page, errors, requests }
    },
    async close() {
      await browser.close()
      await server.close().catch(() => {})
    },
  }
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  json: 'application/json',
}

/**
 * A host that knows nothing of this site: files, and no header of its own.
 * @param special answers for some paths in the place of the files, and says whether it does
 */
export async function plainHost(
  special: (path: string, response: ServerResponse) => boolean = () => false,
): Promise<{ server: Server; url: string }> {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname.replace(/\/$/, '/index.html')
    if (special(path, response)) return
    const type = types[path.replace(/^.*\./, '')] ?? (path.endsWith('.svg') ? 'image/svg+xml' : 'application/octet-stream')
    await readFile(`${root}dist/site${path}`).then(
      (content) => response.writeHead(200, { 'Content-Type': type }).end(content),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

/** What the browser's observer of performance has seen so far of this type. */
export function observed(page: Page, type: 'layout-shift' | 'longtask'): Promise<{ duration: number; value?: number }[]> {
  return page.evaluate(async (wanted) => {
    const seen: PerformanceEntry[] = []
    const observer = new PerformanceObserver((list) => seen.push(...list.getEntries()))
    observer.observe({ type: wanted, buffered: true })
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
    return seen.map((entry) => entry.toJSON())
  }, type)
}

/** The texts that an element has from now on, each time that it changes. */
export function textsOf(element: Locator): Promise<JSHandle<(string | null)[]>> {
  return element.evaluateHandle((changing) => {
    const texts: (string | null)[] = []
    new MutationObserver(() => texts.push(changing.textContent)).observe(changing, {
      characterData: true,
      childList: true,
      subtree: true,
    })
    return texts
  })
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
