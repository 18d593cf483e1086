import { chromium, type Page } from 'playwright'
import type { ColdTimes, StartJob, Survey } from '../jobs.js'
import { type Lab, type Progress, startTimeoutMs } from '../lab.js'
import { factsOf } from '../registry.js'
import { bundlePages } from './bundle.js'
import type { page as pageFunctions } from './page.js'
import { bundlesPath } from './paths.js'
import { growth, rendererMemory } from './renderer-memory.js'
import { startServer } from './server.js'

/** The first switches WebGPU on where Chromium has only a software adapter; the second leaves out experimental features that it brings. */
const switches = ['--enable-unsafe-webgpu', '--disable-dawn-features=allow_unsafe_apis']

type PageFunctions = typeof pageFunctions

async function findExecutable(): Promise<string> {
  const { findChrome } = (await import(new URL('../../../../scripts/chrome.mjs', import.meta.url).href)) as {
    findChrome(): string | null
  }
  const path = findChrome()
  if (path === null) throw new Error('no Chrome or Chromium found: install one, or set MOBILENETV2_CHROME to its path')
  return path
}

function within<Result>(work: Promise<Result>, timeoutMs: number): Promise<Result> {
  let timer: NodeJS.Timeout
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs)
  })
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer))
}

/** Calls one of the page's functions in the page; an error in the page arrives with its own message alone. */
async function call<Name extends keyof PageFunctions>(
  page: Page,
  name: Name,
  argument: Parameters<PageFunctions[Name]>[0] | undefined,
): Promise<Awaited<ReturnType<PageFunctions[Name]>>> {
  const outcome = await page.evaluate(
    async ([module, name, argument]) => {
      try {
        const { page } = await import(module)
        return { result: await page[name](argument, Reflect.get(globalThis, 'report')) }
      } catch (error) {
        return { message: error instanceof Error ? error.message : String(error) }
      }
    },
    [`${bundlesPath}chromium/page.js`, name, argument] as const,
  )
  if (outcome.message !== undefined) throw new Error(outcome.message)
  return outcome.result
}

/** Chromium: each job is a page in a browser context of its own, which shares neither process nor cache with another. */
export async function openChromiumLab(files: ReadonlyMap<string, Uint8Array>): Promise<Lab> {
  const [executablePath, bundles] = await Promise.all([findExecutable(), bundlePages()])
  const server = await startServer(bundles, files)
  const browser = await chromium
    .launch({ executablePath, args: switches, handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false })
    .catch(async (error) => {
      await server.close()
      throw error
    })

  const inPage = async <Result>(work: (page: Page) => Promise<Result>, progress?: Progress): Promise<Result> => {
    const context = await browser.newContext()
    try {
      const page = await context.newPage()
      const crashed = new Promise<never>((_, reject) => page.once('crash', () => reject(new Error('the page crashed'))))
      await page.exposeFunction('report', (text: string) => progress?.(text))
      await page.goto(server.origin)
      if (!(await page.evaluate('crossOriginIsolated'))) throw new Error('the page is not isolated from other origins')
      return await Promise.race([work(page), crashed])
    } finally {
      await context.close()
    }
  }

  const survey = async (page: Page, job: StartJob): Promise<Survey> => {
    await call(page, 'open', job)
    server.takePeerFiles()
    const before = await rendererMemory(browser)
    const { device } = await call(page, 'survey', undefined)
    const peakMemoryBytes = growth(before, await rendererMemory(browser))
    const listed = new Set(factsOf(job.contender).peerFiles(job.assignment.threads))
    const fetched = server.takePeerFiles()
    if (listed.size !== fetched.size || [...listed].some((file) => !fetched.has(file))) {
      throw new Error(
        `fetches ${[...fetched].join(', ') || 'no file'}, but its row in the registry lists ${[...listed].join(', ') || 'none'}`,
      )
    }
    return { device, peakMemoryBytes }
  }

  const coldStart = async (page: Page, job: StartJob): Promise<ColdTimes> => {
    await call(page, 'open', job)
    await call(page, 'answerFromMemory', factsOf(job.contender).peerFiles(job.assignment.threads))
    server.takePeerFiles()
    const times = await call(page, 'coldStart', undefined)
    const waited = [...server.takePeerFiles()].filter((file) => file.endsWith('.wasm'))
    if (waited.length > 0) throw new Error(`fetches ${waited.join(', ')} anew in its cold start`)
    return times
  }

  return {
    where: 'chromium',
    version: `Chromium ${browser.version()}`,
    survey: (job) => inPage((page) => within(survey(page, job), startTimeoutMs)),
    coldStart: (job) => inPage((page) => within(coldStart(page, job), startTimeoutMs)),
    paired: (job, progress) => inPage((page) => call(page, 'paired', job), progress),
    scaling: (job, progress) => inPage((page) => call(page, 'scaling', job), progress),
    async close() {
      await browser.close()
      await server.close()
    },
  }
}
