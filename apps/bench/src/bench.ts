import type { Architecture } from '@mobilenetv2/spec'
import type { Where } from './contender.js'
import { emptyResult, type Identity, peakOf, roundFigures, startFigures } from './figures.js'
import type { Handover } from './handover.js'
import type { Assignment, Paired, PairedJob } from './jobs.js'
import type { Lab, Progress } from './lab.js'
import { messageOf } from './message.js'
import { type ContenderName, contenderNames, factsOf } from './registry.js'
import { count } from './report/format.js'
import type { Peak, Result } from './result.js'
import { pairedRounds } from './rounds.js'
import type { Settings } from './settings.js'
import { type Start, startContender } from './start.js'

/** The facts that all places share. */
export interface Context {
  readonly network: { readonly widthMultiplier: number; readonly size: number }
  readonly architecture: Architecture
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** The results of one place with one number of threads. */
export interface Measured {
  readonly results: readonly Result[]
  readonly peak: Peak | null
}

/** The contenders of a place: the named ones, or all that can run there with this many threads. */
export function contendersIn(where: Where, threads: number, named: readonly ContenderName[] | null): readonly ContenderName[] {
  return (
    named ??
    contenderNames.filter((name) => {
      const { places, threaded } = factsOf(name)
      return places.includes(where) && (threads === 1 || threaded.includes(where))
    })
  )
}

function identify(contender: ContenderName, where: Where, threads: number, { batch }: Settings, { network }: Context): Identity {
  return { contender, where, threads, ...network, batch }
}

/** The results of a place that could not be opened. */
export function couldNotRun(where: Where, settings: Settings, context: Context, error: string): Measured {
  const results = settings.threads.flatMap((threads) =>
    contendersIn(where, threads, settings.contenders).map((name) => ({
      ...emptyResult(identify(name, where, threads, settings, context)),
      error,
    })),
  )
  return { results, peak: null }
}

interface Starts {
  readonly started: ReadonlyMap<ContenderName, Start>
  readonly errors: ReadonlyMap<ContenderName, string>
}

async function startAll(
  lab: Lab,
  assignment: Assignment,
  names: readonly ContenderName[],
  { runs }: Settings,
  { missing }: Handover,
  { progress, signal }: Context,
): Promise<Starts> {
  const started = new Map<ContenderName, Start>()
  const errors = new Map<ContenderName, string>()
  for (const contender of names) {
    progress(`starting ${contender}`)
    try {
      started.set(contender, await startContender(lab, { assignment, contender }, missing, runs))
    } catch (error) {
      signal.throwIfAborted()
      errors.set(contender, messageOf(error))
    }
  }
  return { started, errors }
}

type Together = Omit<Paired, 'peak'> & { readonly peak: Paired['peak'] | null }

async function runTogether(lab: Lab, job: PairedJob, { progress, signal }: Context): Promise<Together> {
  try {
    return await lab.paired(job, progress)
  } catch (error) {
    signal.throwIfAborted()
    const message = `all contenders in one process or page: ${messageOf(error)}`
    return { peak: null, outcomes: job.contenders.map((contender) => ({ contender, error: message })) }
  }
}

/**
 * Measures one place with one number of threads: first each contender's start alone, then all that started, in turn in one process or page.
 */
async function benchPlace(lab: Lab, threads: number, settings: Settings, handover: Handover, context: Context): Promise<Measured> {
  const { where } = lab
  const assignment: Assignment = { ...handover.assignment, threads }
  const names = contendersIn(where, threads, settings.contenders)
  const { started, errors } = await startAll(lab, assignment, names, settings, handover, context)
  const job: PairedJob = { assignment, contenders: [...started.keys()], rounds: pairedRounds(settings.runs, threads) }
  const { peak, outcomes } = await runTogether(lab, job, context)
  const ran = outcomes.flatMap((outcome) => ('rounds' in outcome ? [outcome] : []))
  const results = names.map((contender): Result => {
    const identity = identify(contender, where, threads, settings, context)
    const start = started.get(contender)
    const base: Result = { ...emptyResult(identity), ...(start === undefined ? {} : startFigures(start)) }
    const outcome = outcomes.find((each) => each.contender === contender)
    if (peak === null || outcome === undefined || 'error' in outcome) {
      const error = outcome !== undefined && 'error' in outcome ? outcome.error : errors.get(contender)
      return { ...base, error: error ?? 'did not run' }
    }
    return { ...base, ...roundFigures(outcome, ran[0]!.rounds, peak, identity, context.architecture) }
  })
  return { results, peak: peak === null ? null : peakOf(where, threads, peak) }
}

/** Measures every place with every number of threads, one after the other. */
export async function bench(labs: readonly Lab[], settings: Settings, handover: Handover, context: Context): Promise<Measured[]> {
  const measured: Measured[] = []
  for (const lab of labs) {
    for (const threads of settings.threads) {
      const progress: Progress = (text) => context.progress(`${lab.where}, ${count(threads, 'thread')}: ${text}`)
      measured.push(await benchPlace(lab, threads, settings, handover, { ...context, progress }))
    }
  }
  return measured
}
