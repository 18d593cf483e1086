import type { Result } from '../planner/plan.js'

/** A result of `pictures` pictures out of mapped memory, without the padding of its channels. */
export function readResult(memory: ArrayBuffer, offset: number, result: Result, pictures: number): Float32Array {
  const { pixels, channels, stride } = result
  const padded = new Float32Array(memory, offset, pixels * pictures * stride)
  if (channels === stride) return padded.slice()
  const values = new Float32Array(pixels * pictures * channels)
  for (let pixel = 0; pixel < pixels * pictures; pixel++) {
    values.set(padded.subarray(pixel * stride, pixel * stride + channels), pixel * channels)
  }
  return values
}
