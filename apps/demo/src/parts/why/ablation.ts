/** One of the two networks that were trained. */
interface Trained {
  /** Percent of the test pictures. */
  readonly mean: number
  readonly deviation: number
  readonly bySeed: readonly number[]
}

/** The results in docs/ablation.md. */
interface Ablation {
  /** Pictures to train on. */
  readonly train: number
  /** Pictures to test on. */
  readonly test: number
  readonly parameters: number
  readonly epochs: number
  readonly linear: Trained
  readonly relu6: Trained
  /** By how many points the linear network is better, and the standard error of this difference. */
  readonly difference: number
  readonly error: number
}

/** What build/ablation.mjs reads in docs/ablation.md; put in by the build. */
declare const __ABLATION__: Ablation

export const ablation: Ablation = __ABLATION__
