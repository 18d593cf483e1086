import type { LayerTime } from '@mobilenetv2/spec'
import type { Where } from './contender.js'
import type { PeakInstruction } from './peak-kernel.js'
import type { ContenderName } from './registry.js'
import type { ScalingTime } from './scaling.js'

/** The machine that ran. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  readonly system: string
  /** How many tasks wanted a core, on average, in the minute before the bench began: other work, which makes its figures worthless. */
  readonly loadBefore: number
  /** Name and version of each place in which contenders ran. */
  readonly places: Readonly<Partial<Record<Where, string>>>
}

/** How fast one thread does nothing but multiply-adds on four float32 at a time, in WebAssembly. */
export interface Peak {
  readonly where: Where
  readonly threads: number
  readonly instruction: PeakInstruction
  /** The median over the rounds. */
  readonly gflops: number
}

/** Milliseconds of the layers that run as one step, and their work on one picture. */
export interface LayerProfile extends LayerTime {
  readonly multiplyAdds: number
}

/** What was measured of one contender in one place with one number of threads. A figure that there is not is null. */
export interface Result {
  readonly contender: ContenderName
  readonly where: Where
  readonly threads: number
  readonly widthMultiplier: number
  readonly size: number
  readonly batch: number
  /** Of one run of the whole batch, from input in memory to logits in memory; median over the rounds. */
  readonly medianMs: number | null
  readonly minMs: number | null
  /** The median over paired rounds of this contender's time by that of the first contender of the same place and threads. */
  readonly ratioToFirst: number | null
  /** The median over rounds of its floating-point operations by time, by what the peak kernel reached in the same round on each of its threads. */
  readonly peakShare: number | null
  /** From bytes in memory to the first answer, in a fresh process or page: see `ColdTimes`. The median over several. */
  readonly coldMs: number | null
  /** The library minified, and all files that it fetches, each as gzip; no model. */
  readonly downloadBytes: number | null
  /** How much the process or the page's renderer grew at its highest, from before the library is imported; the graphics process is not in it. */
  readonly peakMemoryBytes: number | null
  /** Why it could not run. */
  readonly error: string | null
  /** The middle 80 % of the runs. */
  readonly lowMs: number | null
  readonly highMs: number | null
  /** Runs that were timed: fewer than asked for where one run takes long. */
  readonly runs: number
  readonly gflops: number | null
  /** The two parts of a cold start, of its median. */
  readonly coldLoadMs: number | null
  readonly coldFirstRunMs: number | null
  /** The part of this project that reads the model's file, which a user loads beside a backend; 0 for a peer, which has its own inside. */
  readonly readerBytes: number | null
  readonly device: string | null
  /** The package of other people that computes, with its version, as npm writes them; null without one, or where it is not installed. */
  readonly library: string | null
  /** What a reader must know to compare it. */
  readonly note: string | null
  readonly profile: readonly LayerProfile[] | null
}

/** A point of the scaling, where it was measured. */
export interface ScalingResult extends ScalingTime {
  readonly where: Where
  /** Picoseconds for one multiply-add. */
  readonly picoseconds: number | null
}

/** All that one run of the bench found; what `--json` writes. */
export interface Report {
  readonly machine: Machine
  /** Of the fastest place, one thread; each result's `peakShare` is of the peak of its own place, in `peaks`. */
  readonly peak: { readonly gflops: number | null }
  readonly results: readonly Result[]
  readonly peaks: readonly Peak[]
  readonly date: string
  readonly weights: string
  /** For one picture. */
  readonly multiplyAdds: number
  readonly scaling: readonly ScalingResult[]
}
