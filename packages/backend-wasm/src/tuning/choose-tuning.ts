import { checkOptionNames, integerOption, refuseOption } from '@mobilenetv2/spec'
import { engine, separateVectors, vectors } from '#host'
import type { Level } from '../codegen/simd-level.js'
import type { Threads } from '../threads/choose-threads.js'
import { measureTunings } from './measure.js'
import { canRemember, recallTile, rememberTile } from './remembered.js'
import { fastestTuning, type Trial, type Tuning, tunings, usualTuning } from './tuning.js'

/** The tuning of a new model's kernels, and the text about it in the model's `device`. */
export interface ChosenTuning {
  readonly tuning: Tuning
  readonly note: string
}

/** @throws MobileNetV2Error `OPTION` unless the option is undefined, `auto`, `off` or a tuning */
export function checkTuning(option: unknown): Tuning | 'auto' | 'off' {
  if (option === undefined || option === 'auto' || option === 'off') return option ?? 'auto'
  if (typeof option !== 'object' || option === null) return refuseOption('tuning', option, "'auto', 'off', or a tuning")
  checkOptionNames(option, Object.keys(tunings[0]!))
  const { tilePixels, doubleTilePixels, depthwiseChannels, narrowestRows, rowsMadeByStrip } = option as Tuning
  if (depthwiseChannels !== 4 && depthwiseChannels !== 8) refuseOption('tuning.depthwiseChannels', depthwiseChannels, '4 or 8')
  return {
    tilePixels: integerOption('tuning.tilePixels', tilePixels, 1, 14),
    doubleTilePixels: integerOption('tuning.doubleTilePixels', doubleTilePixels, 0, 7),
    depthwiseChannels,
    narrowestRows: integerOption('tuning.narrowestRows', narrowestRows, 1, 65536),
    rowsMadeByStrip: integerOption('tuning.rowsMadeByStrip', rowsMadeByStrip, 1, 16),
  }
}

const trials = new Map<Level, Promise<Trial>>()

/** The trial of this process or page, run once. */
function trialOf(level: Level, threads: Pick<Threads, 'workers' | 'workerUrl'>): Promise<Trial> {
  const trial = trials.get(level) ?? measureTunings(level, threads)
  trials.set(level, trial)
  trial.catch(() => trials.delete(level))
  return trial
}

/** How long after compiling a model a page starts its trial, in milliseconds, so that the model's first answer does not wait for it. */
const trialDelay = 1000

/** Measures for the models that this page, or the next visit, compiles. The trial has a worker of its own. */
function measureLater(level: Level, usual: Tuning, { workerUrl }: Threads): void {
  setTimeout(() => {
    trialOf(level, { workers: 1, workerUrl }).then(
      (trial) => rememberTile(level, fastestTuning(usual, trial).tilePixels),
      // If no worker can be started, the guess stays.
      () => undefined,
    )
  }, trialDelay)
}

/** The text in a model's `device` if vectors are joined. */
export const joinedNote = ', 256 bits'

const wrong = ', not 256 bits: this V8 computes wrong with them'

/** The tuning for joined vectors, if they compute right results and are faster. Else they are separated again. */
export function joinedTuning(usual: Tuning, trial: Trial): ChosenTuning {
  if (!trial.isExact) {
    separateVectors('wrong')
    return { tuning: usual, note: wrong }
  }
  const [widest] = tunings as [Tuning, ...Tuning[]]
  if (fastestTuning(widest, trial) === widest) return { tuning: widest, note: joinedNote }
  separateVectors('separate')
  return withoutGain(usual)
}

/** The tuning if vectors of 256 bits are not faster. */
export function withoutGain(usual: Tuning): ChosenTuning {
  return { tuning: usual, note: ', 256 bits gain nothing here' }
}

/**
 * The tuning of a new model: the one that is asked for, else the measured one, else a guess. A page measures once and remembers the result
 * for the next visit. A process measures only if its V8 joins vectors.
 */
export async function chooseTuning(asked: Tuning | 'auto' | 'off', level: Level, threads: Threads): Promise<ChosenTuning> {
  if (typeof asked === 'object') return { tuning: asked, note: '' }
  const usual = usualTuning(level, engine())
  if (asked === 'off') return { tuning: usual, note: '' }
  if (vectors() === 'wrong') return { tuning: usual, note: wrong }
  if (vectors() === 'joined') return joinedTuning(usual, await trialOf(level, threads))
  const recalled = recallTile(level)
  const known = tunings.find(({ tilePixels }) => tilePixels === recalled)
  // A model that has no workers may be on a page that allows none.
  if (known === undefined && canRemember() && threads.workers > 0) measureLater(level, usual, threads)
  return { tuning: known ?? usual, note: '' }
}
