import type { MobileNetV2Options, Preprocessing } from '@mobilenetv2/spec'
import type { OutputKind } from '../network.js'

/** A value, and why it is believed. */
export interface Fact<Value> {
  /** The value. */
  readonly value: Value
  /** Why it is believed, as the end of a sentence in `Network.reasons`: `the graph says so`. */
  readonly reason: string
}

/** The options of `defineMobileNetV2` that do not follow from the shapes of tensors. */
export type Conventions = Complete<
  Pick<MobileNetV2Options, 'stemStride' | 'activation' | 'padding' | 'batchNormEpsilon' | 'bottleneckActivation' | 'residual'>
>

type Complete<Options> = { readonly [Name in keyof Options]-?: Exclude<Options[Name], undefined> }

/** The `height` and `width` of a network's input in pixels. */
export interface InputSize {
  readonly height: number
  readonly width: number
}

interface FactValues extends Conventions, Preprocessing {
  readonly size: InputSize
  /** By class index, with or without the background class. */
  readonly labels: readonly string[]
  /** The index of the background class among the logits; null for none. */
  readonly background: number | null
  readonly output: OutputKind
  /** The pool after the last map. A head on a flattened map has none. */
  readonly pool: 'average' | 'max'
}

/**
 * What one source, such as the caller, a publisher or the file, states about a network. Facts that it does not know are missing. Their
 * names are those of `Conventions` and `Preprocessing`, and `size`, `labels`, `background`, `output` and `pool`.
 */
export type Facts = { readonly [Name in keyof FactValues]?: Fact<FactValues[Name]> | undefined }

/** Merges the facts of several sources. An earlier source takes precedence over a later one. */
export function mergeFacts(sources: readonly Facts[]): Facts {
  const entries = sources.toReversed().flatMap((facts) => Object.entries(facts).filter(([, fact]) => fact !== undefined))
  return Object.fromEntries(entries) as Facts
}

/**
 * Makes facts that all have the same reason, such as those of a publisher for the option `stated` of `readNetwork`. Values that are
 * undefined are left out.
 * @example
 * ```ts
 * import { factsFrom } from '@mobilenetv2/weights'
 *
 * const { padding } = factsFrom({ padding: 'same' }, 'its publisher trains with TensorFlow')
 * padding // => { value: 'same', reason: 'its publisher trains with TensorFlow' }
 * ```
 */
export function factsFrom(values: { readonly [Name in keyof FactValues]?: FactValues[Name] | undefined }, reason: string): Facts {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries.map(([name, value]) => [name, { value, reason }])) as Facts
}
