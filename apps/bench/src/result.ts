import type { LayerTime } from '@mobilenetv2/spec'
import type { Where } from './contender.js'
import type { PeakInstruction } from './peak-kernel.js'
import type { ContenderName } from './registry.js'
import type { ScalingTime } from './scaling.js'

/** The machine that the bench ran on. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  readonly system: string
  /** How many tasks wanted a core, on average, in the minute before the bench began. Such other work makes the figures worthless. */
  readonly loadBefore: number
  /** The name and version of each place in which contenders ran. */
  readonly places: Readonly<Partial<Record<Where, string>>>
}

/** The highest speed of one thread: multiply-adds and nothing else, on four float32 values at a time, in WebAssembly. */
export interface Peak {
  readonly where: Where
  readonly threads: number
  readonly instruction: PeakInstruction
  /** The median over the rounds. */
  readonly gflops: number
}

/** The milliseconds of layers that run as one step, and their multiply-adds on one picture. */
export interface LayerProfile extends LayerTime {
  readonly multiplyAdds: number
}

/** The figures of one contender in one place with one number of threads. A figure that was not measured is null. */
export interface Result {
  readonly contender: ContenderName
  readonly where: Where
  readonly threads: number
  readonly widthMultiplier: number
  readonly size: number
  readonly batch: number
  /** The time of one run of the whole batch, from the input in memory to the logits in memory: the median over the rounds. */
  readonly medianMs: number | null
  readonly minMs: number | null
  /** See `Timing`; the first contender is that of the same place and number of threads. */
  readonly ratioToFirst: number | null
  /** See `Timing`. */
  readonly peakShare: number | null
  /** The time of a cold start, as `ColdTimes` defines it: the median of several. */
  readonly coldMs: number | null
  /** The minified library and all files that it fetches, each as gzip, without the model. */
  readonly downloadBytes: number | null
  /** By how much the process or the page's renderer grew at most after the library was imported, without the graphics process. */
  readonly peakMemoryBytes: number | null
  /** The reason why it could not run. */
  readonly error: string | null
  /** The ends of the middle 80 % of the runs. */
  readonly lowMs: number | null
  readonly highMs: number | null
  /** The number of timed runs; if a run takes long, fewer than requested. */
  readonly runs: number
  readonly gflops: number | null
  /** The two parts of the median cold start. */
  readonly coldLoadMs: number | null
  readonly coldFirstRunMs: number | null
  /** This project's reader of model files, which is loaded separately from a backend; 0 for a peer, whose library contains its reader. */
  readonly readerBytes: number | null
  readonly device: string | null
  /** The third-party package that computes, with its version, in npm's notation; null if there is none, or if it is not installed. */
  readonly library: string | null
  /** A remark that the reports print with the figures. */
  readonly note: string | null
  readonly profile: readonly LayerProfile[] | null
}

/** A point of the scaling in one place. */
export interface ScalingResult extends ScalingTime {
  readonly where: Where
  /** Picoseconds per multiply-add. */
  readonly picoseconds: number | null
}

/** All findings of one run of the bench; `--json` writes them. */
export interface Report {
  readonly machine: Machine
  /** The peak of one thread in the fastest place. Each result's `peakShare` refers to the peak of its own place, in `peaks`. */
  readonly peak: { readonly gflops: number | null }
  readonly results: readonly Result[]
  readonly peaks: readonly Peak[]
  readonly date: string
  readonly weights: string
  /** The multiply-adds of one picture. */
  readonly multiplyAdds: number
  readonly scaling: readonly ScalingResult[]
}
