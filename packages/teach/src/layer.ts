import type { Pause } from '@mobilenetv2/runtime'
import { multiply, type Rows } from './rows.js'

/** A dense layer. */
export interface Layer {
  /** `[classes, width]` */
  readonly kernel: readonly Float64Array[]
  /** `[classes]` */
  readonly bias: Float64Array
}

/** Runs a layer on pictures. The logits are `[pictures, classes]`. */
export async function logitsOf(rows: Rows, pictures: Uint32Array, { kernel, bias }: Layer, pause: Pause): Promise<Float64Array> {
  const logits = await multiply(rows, pictures, kernel, pause)
  for (let at = 0; at < logits.length; at++) logits[at]! += bias[at % bias.length]!
  return logits
}
