import type { LayerTime, MobileNetV2Options, Shape } from '@mobilenetv2/spec'
import type { Expected } from './answer.js'
import type { ModelFormat } from './contender.js'
import type { PeakInstruction } from './peak-kernel.js'
import type { ContenderName } from './registry.js'
import type { RoundsSettings } from './rounds.js'
import type { Rounds } from './statistics.js'

/** The facts that all processes and pages of one run share. They are sent as JSON; the tensors are in files. */
export interface Assignment {
  readonly options: MobileNetV2Options
  readonly picture: Shape
  readonly classes: number
  readonly batch: number
  readonly threads: number
  /** For each format: the paths of the model's files, which begin with the format's folder. */
  readonly models: Readonly<Partial<Record<ModelFormat, readonly string[]>>>
}

/** The path of the pictures, float32 `[batch, height, width, 3]`. */
export const inputPath = 'input.bin'

/** For each kind of answer: the path of the expected values, float32 `[pictures, classes]`. */
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

/** The findings of a first start that is not timed. */
export interface Survey {
  readonly device: string | null
  /** By how much the memory grew; null if the operating system does not tell it. */
  readonly peakMemoryBytes: number | null
}

/**
 * The times of a cold start, in a process or page that has not run this contender before. The clock starts when the library's module is
 * imported and the bytes of the model's files are in memory. The files that the library fetches by itself are then in the memory of the
 * page, or in the operating system's cache. `loadMs` ends when the model can run. `firstRunMs` is the first run, up to its logits.
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

/** The rounds of one contender, or the reason why it did not take part. */
export type PairedOutcome =
  | { readonly contender: ContenderName; readonly rounds: Rounds; readonly profile: readonly LayerTime[] | null }
  | { readonly contender: ContenderName; readonly error: string }

export interface Paired {
  readonly peak: { readonly instruction: PeakInstruction; readonly operations: number; readonly rounds: Rounds }
  readonly outcomes: readonly PairedOutcome[]
}
