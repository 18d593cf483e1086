import type { LayerTime, MobileNetV2Options, Shape } from '@mobilenetv2/spec'
import type { Expected } from './answer.js'
import type { ModelFormat } from './contender.js'
import type { PeakInstruction } from './peak-kernel.js'
import type { ContenderName } from './registry.js'
import type { RoundsSettings } from './rounds.js'
import type { Rounds } from './statistics.js'

/** What the processes and pages of one run have in common. All of it can be sent as JSON; values lie in files. */
export interface Assignment {
  readonly options: MobileNetV2Options
  readonly picture: Shape
  readonly classes: number
  readonly batch: number
  readonly threads: number
  /** The files of the model in each format, by paths that begin with the format's folder. */
  readonly models: Readonly<Partial<Record<ModelFormat, readonly string[]>>>
}

/** The path of the pictures, float32 `[batch, height, width, 3]`. */
export const inputPath = 'input.bin'

/** The path of the values that an answer must come near, for the models of a kind; float32 `[pictures, classes]`. */
export const expectedPaths: Readonly<Record<Expected['kind'], string>> = {
  logits: 'expected-logits.bin',
  probabilities: 'expected-probabilities.bin',
}

/** The pictures of a batch whose answers are checked: the first and the last. */
export function checkedPictures(batch: number): readonly number[] {
  return batch === 1 ? [0] : [0, batch - 1]
}

/** A fresh process or page that starts one contender. */
export interface StartJob {
  readonly assignment: Assignment
  readonly contender: ContenderName
}

/** What a first start finds out that no clock is needed for. */
export interface Survey {
  readonly device: string | null
  /** How far memory grew; null where it cannot be told. */
  readonly peakMemoryBytes: number | null
}

/**
 * The cold start: from having the library's module imported, the bytes of the model's files in memory, and the files that the
 * library fetches by itself in the memory of the page or in the operating system's cache, to the first logits, in a process or page
 * that has not run this contender before. `loadMs` ends when the model can run; `firstRunMs` is the first run.
 */
export interface ColdTimes {
  readonly loadMs: number
  readonly firstRunMs: number
}

/** One process or page in which several contenders run in turn. */
export interface PairedJob {
  readonly assignment: Assignment
  readonly contenders: readonly ContenderName[]
  readonly rounds: RoundsSettings
}

/** What the rounds gave for one contender, or why it did not take part. */
export type PairedOutcome =
  | { readonly contender: ContenderName; readonly rounds: Rounds; readonly profile: readonly LayerTime[] | null }
  | { readonly contender: ContenderName; readonly error: string }

export interface Paired {
  readonly peak: { readonly instruction: PeakInstruction; readonly operations: number; readonly rounds: Rounds }
  readonly outcomes: readonly PairedOutcome[]
}
