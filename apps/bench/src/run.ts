import { availableParallelism } from 'node:os'
import { totalMultiplyAdds } from '@mobilenetv2/spec'
import { bench, type Context, contendersIn, couldNotRun, type Measured } from './bench.js'
import type { Where } from './contender.js'
import { type Handover, makeHandover, writeToDisk } from './handover.js'
import type { Lab, Progress } from './lab.js'
import { currentLoad, describeMachine } from './machine.js'
import { messageOf } from './message.js'
import { openNodeLab } from './node/node-lab.js'
import { openBrowserLab } from './pages/browser-lab.js'
import { openChromiumLab } from './pages/chromium-lab.js'
import { factsOf } from './registry.js'
import type { Report, ScalingResult } from './result.js'
import { scalingPoints } from './scaling.js'
import type { Settings } from './settings.js'
import { loadSubject } from './subject.js'

const scalingRuns = 20

async function openLab(where: Where, { files }: Handover): Promise<Lab> {
  switch (where) {
    case 'chromium':
    case 'chromium-256':
      return openChromiumLab(where, files)
    case 'firefox':
    case 'webkit':
      return openBrowserLab(where, files)
    case 'node':
    case 'node-256': {
      const { folder, remove } = await writeToDisk(files)
      const lab = openNodeLab(where, folder)
      return { ...lab, close: () => lab.close().then(remove) }
    }
    default:
      throw new Error(`unknown place ${where satisfies never}`)
  }
}

async function scalingIn(lab: Lab, { runs }: Settings, progress: Progress): Promise<ScalingResult[]> {
  const points = scalingPoints(availableParallelism())
  const times = await lab.scaling({ points, runs: Math.min(runs, scalingRuns) }, (text) => progress(`${lab.where}: ${text}`))
  return times.map((time) => ({
    ...time,
    where: lab.where,
    picoseconds: time.medianMs === null ? null : (time.medianMs * 1e9) / time.multiplyAdds,
  }))
}

/**
 * Does what the settings ask for, place by place. If the signal fires, all jobs are ended and the promise rejects with the signal's reason.
 */
export async function run(settings: Settings, progress: Progress, signal: AbortSignal): Promise<Report> {
  const loadBefore = currentLoad()
  progress('exporting the model')
  const subject = await loadSubject(settings)
  const names = settings.where.flatMap((where) =>
    settings.threads.flatMap((threads) => contendersIn(where, threads, settings.contenders)),
  )
  const handover = await makeHandover(subject, settings.batch, new Set(names.map((name) => factsOf(name).model)))
  const network = { widthMultiplier: subject.options.widthMultiplier ?? 1, size: subject.architecture.input.height }
  const context: Context = { network, architecture: subject.architecture, progress, signal }
  const labs: Lab[] = []
  const measured: Measured[] = []
  const scaling: ScalingResult[] = []
  const closeAll = async (): Promise<void> => {
    await Promise.allSettled(labs.map((lab) => lab.close()))
  }
  signal.addEventListener('abort', closeAll)
  try {
    for (const where of settings.where) {
      signal.throwIfAborted()
      try {
        labs.push(await openLab(where, handover))
      } catch (error) {
        measured.push(couldNotRun(where, settings, context, messageOf(error)))
      }
    }
    signal.throwIfAborted()
    measured.push(...(await bench(labs, settings, handover, context)))
    if (settings.scaling) for (const lab of labs) scaling.push(...(await scalingIn(lab, settings, progress)))
  } finally {
    signal.removeEventListener('abort', closeAll)
    await closeAll()
  }
  const peaks = measured.flatMap(({ peak }) => peak ?? [])
  return {
    machine: describeMachine(labs, loadBefore),
    peak: { gflops: peaks.length === 0 ? null : Math.max(...peaks.map(({ gflops }) => gflops)) },
    results: settings.where.flatMap((where) =>
      measured.flatMap(({ results }) => results.filter((result) => result.where === where)),
    ),
    peaks,
    date: new Date().toISOString(),
    weights: subject.weights,
    multiplyAdds: totalMultiplyAdds(subject.architecture),
    scaling,
  }
}
