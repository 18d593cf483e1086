/** The results in docs/ablation.md, as build/ablation.mjs reads them. */
declare module 'virtual:ablation' {
  interface Network {
    /** Percent of the test pictures. */
    readonly mean: number
    readonly deviation: number
    readonly bySeed: readonly number[]
  }
  const results: {
    /** Pictures to train on. */
    readonly train: number
    /** Pictures to test on. */
    readonly test: number
    readonly parameters: number
    readonly epochs: number
    readonly linear: Network
    readonly relu6: Network
    /** Points that the linear one is better by, and the standard error of that. */
    readonly difference: number
    readonly error: number
  }
  export default results
}
