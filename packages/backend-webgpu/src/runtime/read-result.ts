import { dropPadding } from '@mobilenetv2/runtime'
import type { Result } from '../planner/plan.js'

/** Copies the result of `pictures` pictures out of mapped memory, without the padding of its channels. */
export function readResult(memory: ArrayBuffer, offset: number, result: Result, pictures: number): Float32Array {
  const { pixels, channels, stride } = result
  const values = new Float32Array(pixels * pictures * channels)
  dropPadding(new Float32Array(memory, offset, pixels * pictures * stride), stride, channels, values)
  return values
}
