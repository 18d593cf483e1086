import { type BrowserContext, chromium, type Page } from 'playwright'
import { type Lab, type Progress, startTimeoutMs } from '../lab.js'
import { bundlePages } from './bundle.js'
import { type CallPage, coldStartPage, surveyPage, within } from './page-jobs.js'
import { bundlesPath } from './paths.js'
import { growth, rendererMemory } from './renderer-memory.js'
import { startServer } from './server.js'

/** The first switch enables WebGPU if Chromium has a software adapter only. The second disables the experimental features of the first. */
const switches = ['--enable-unsafe-webgpu', '--disable-dawn-features=allow_unsafe_apis']

async function findExecutable(): Promise<string> {
  const { findChrome } = (await import(new URL('../../../../scripts/chrome.mjs', import.meta.url).href)) as {
    findChrome(): string | null
  }
  const path = findChrome()
  if (path === null) throw new Error('no Chrome or Chromium found: install one, or set MOBILENETV2_CHROME to its path')
  return path
}

function callIn(page: Page): CallPage {
  return async (name, argument?: unknown) => {
    const outcome = await page.evaluate(
      async ([module, name, argument]) => {
        try {
          const { page } = await import(module)
          return { result: await page[name](argument, Reflect.get(globalThis, 'report')) }
        } catch (error) {
          return { message: error instanceof Error ? error.message : String(error) }
        }
      },
      [`${bundlesPath}pages/page.js`, name, argument] as const,
    )
    if (outcome.message !== undefined) throw new Error(outcome.message)
    return outcome.result
  }
}

/**
 * Chromium: each job is a page in its own browser context, so that it shares neither process nor cache with another. The content of
 * `localStorage` is passed on to the next page, as for a returning visitor.
 */
export async function openChromiumLab(where: 'chromium' | 'chromium-256', files: ReadonlyMap<string, Uint8Array>): Promise<Lab> {
  const [executablePath, bundles] = await Promise.all([findExecutable(), bundlePages()])
  const server = await startServer(bundles, files)
  const args = where === 'chromium-256' ? [...switches, '--js-flags=--wasm-revectorize'] : switches
  const browser = await chromium
    .launch({ executablePath, args, handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false })
    .catch(async (error) => {
      await server.close()
      throw error
    })

  let storageState: Awaited<ReturnType<BrowserContext['storageState']>> | undefined
  const inPage = async <Result>(work: (call: CallPage) => Promise<Result>, progress?: Progress): Promise<Result> => {
    const context = await browser.newContext(storageState === undefined ? {} : { storageState })
    try {
      const page = await context.newPage()
      const crashed = new Promise<never>((_, reject) => page.once('crash', () => reject(new Error('the page crashed'))))
      await page.exposeFunction('report', (text: string) => progress?.(text))
      await page.goto(server.origin)
      if (!(await page.evaluate('crossOriginIsolated'))) throw new Error('the page is not isolated from other origins')
      const result = await Promise.race([work(callIn(page)), crashed])
      storageState = await context.storageState()
      return result
    } finally {
      await context.close()
    }
  }

  return {
    where,
    version: `Chromium ${browser.version()}${where === 'chromium-256' ? ', 256 bits' : ''}`,
    survey: (job) =>
      inPage((call) => {
        const survey = surveyPage(call, server, where, job, async (start) => {
          const before = await rendererMemory(browser)
          const { device } = await start()
          return { device, peakMemoryBytes: growth(before, await rendererMemory(browser)) }
        })
        return within(survey, startTimeoutMs)
      }),
    coldStart: (job) => inPage((call) => within(coldStartPage(call, server, where, job), startTimeoutMs)),
    paired: (job, progress) => inPage((call) => call('paired', job), progress),
    scaling: (job, progress) => inPage((call) => call('scaling', job), progress),
    async close() {
      await browser.close()
      await server.close()
    },
  }
}
