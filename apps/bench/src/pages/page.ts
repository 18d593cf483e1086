import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { openBackend } from 'mobilenetv2'
import type { Contender } from '../contender.js'
import type { ColdTimes, Paired, PairedJob, StartJob } from '../jobs.js'
import { factsOf } from '../registry.js'
import { measureScaling, type ScalingJob, type ScalingTime } from '../scaling.js'
import { coldStart, type OpenedTask, openTask, type Place, paired, survey } from '../work.js'
import { bundlesPath, filesPath, peersPath } from './paths.js'

async function fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url}: ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}

const place: Place = {
  folder: null,
  // The path differs for each contender, so that none finds another's files in the browser's cache.
  peersOf: (name) => new URL(`${peersPath}${name}/`, location.href).href,
  async importContender(name) {
    const { contender } = (await import(`${bundlesPath}contenders/${factsOf(name).module}.js`)) as { contender: Contender }
    return contender
  },
  readFile: (path) => fetchBytes(`${filesPath}${path}`),
}

let opened: OpenedTask | null = null

function openedTask(): OpenedTask {
  if (opened === null) throw new Error('call open first: this page has no task')
  return opened
}

/**
 * Reads the files that a library will fetch, and answers its requests for them from memory, because a browser without a profile on disk
 * does not cache files of this size. It caches scripts that are loaded as modules: they are small enough.
 */
async function answerFromMemory(files: readonly string[]): Promise<void> {
  const responses = new Map<string, Response>()
  for (const file of files) {
    const url = `${openedTask().task.peers}${file}`
    const response = await fetch(url)
    const headers = { 'Content-Type': response.headers.get('Content-Type') ?? '' }
    responses.set(url, new Response(await response.arrayBuffer(), { headers }))
  }
  const request = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, location.href).href
    const response = responses.get(url)
    responses.delete(url)
    return response ?? request(input, init)
  }
}

const trialTimeoutMs = 15_000

const isTuned = (): boolean => Object.keys(localStorage).some((name) => name.startsWith('mobilenetv2 tuning'))

/**
 * Lets the page find out which tuning of the kernels is fastest in its browser, as a visitor's first model with workers does. Later pages
 * read the stored result.
 */
async function tune(): Promise<void> {
  const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 1 })
  const model = await (await openBackend('wasm', { threads: 1 })).compile(architecture, seededParameters(architecture))
  model.dispose()
  for (const end = performance.now() + trialTimeoutMs; !isTuned(); ) {
    if (performance.now() > end) throw new Error('the trial of the kernels’ tunings did not end in time')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** The functions that the browser's driver calls in the page, by name. The text given to `report` is shown in the terminal. */
export const page = {
  async open(job: StartJob): Promise<void> {
    opened = await openTask(place, job)
  },
  tune: (): Promise<void> => tune(),
  survey: (): Promise<{ device: string | null }> => survey(place, openedTask()),
  /** Reads the files that the library will fetch into memory. */
  answerFromMemory: (files: readonly string[]): Promise<void> => answerFromMemory(files),
  coldStart: (): Promise<ColdTimes> => coldStart(place, openedTask()),
  paired: (job: PairedJob, report: (text: string) => void): Promise<Paired> => paired(place, job, report),
  scaling: (job: ScalingJob, report: (text: string) => void): Promise<ScalingTime[]> => measureScaling(job, report),
}
