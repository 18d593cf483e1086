import type { MobileNetV2Options, Preprocessing } from '@mobilenetv2/spec'
import type { OutputKind } from '../network.js'

/** A value, and how it is known. */
export interface Fact<Value> {
  readonly value: Value
  /** How the value is known. It ends a sentence in `Network.reasons`: `the graph says so`. */
  readonly reason: string
}

/** The options of `defineMobileNetV2` that the shapes of the tensors do not tell. */
export type Conventions = Complete<
  Pick<MobileNetV2Options, 'stemStride' | 'activation' | 'padding' | 'batchNormEpsilon' | 'bottleneckActivation' | 'residual'>
>

type Complete<Options> = { readonly [Name in keyof Options]-?: Exclude<Options[Name], undefined> }

/** Height and width of a network's input, in pixels. */
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
  /** How the last map is pooled, where the graph does not say. */
  readonly pool: 'average' | 'max'
}

/** What one source (the caller, a publisher, the file) states about a network. It leaves out what it does not know. */
export type Facts = { readonly [Name in keyof FactValues]?: Fact<FactValues[Name]> | undefined }

/** Facts of several sources. If two sources state the same fact, the earlier one is believed. */
export function mergeFacts(sources: readonly Facts[]): Facts {
  const entries = sources.toReversed().flatMap((facts) => Object.entries(facts).filter(([, fact]) => fact !== undefined))
  return Object.fromEntries(entries) as Facts
}

/** Facts that all have the same reason. Values that are undefined are left out. */
export function factsFrom(values: { readonly [Name in keyof FactValues]?: FactValues[Name] | undefined }, reason: string): Facts {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries.map(([name, value]) => [name, { value, reason }])) as Facts
}
