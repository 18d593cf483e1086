import { MobileNetV2Error } from '@mobilenetv2/spec'
import type { PlannedStep } from './plan.js'

/** Bindings must begin at multiples of this, by WebGPU's default limits for storage and uniform buffers. */
export const offsetAlignment = 256

/** WebGPU's default limits of a binding, a buffer and a dispatch. Every device has at least these, and no plan may need more. */
const mostBindingBytes = 2 ** 27
const mostBufferBytes = 2 ** 28
const mostGroups = 65_535

/** The most pictures in one submission. More pictures do not use a device better, and take more memory. */
const mostPictures = 8

function refuse(where: string, what: string, most: number, got: number): never {
  throw new MobileNetV2Error('BACKEND', 'The model is too large for the limits that every WebGPU device has.', {
    where,
    expected: `${what} of at most ${most}`,
    got: String(got),
    remedy: 'Use a smaller input or width multiplier, or another backend.',
  })
}

/**
 * Checks a step and its output against the limits.
 * @param outputBytes the bytes of the output for one picture
 * @throws MobileNetV2Error `BACKEND`, with the step's layers
 */
export function checkStep(
  { layers, kernel, weights }: Pick<PlannedStep, 'layers' | 'kernel' | 'weights'>,
  outputBytes: number,
): void {
  const where = `layer ${layers.join(' + ')}`
  if (outputBytes > mostBindingBytes) refuse(where, 'output bytes', mostBindingBytes, outputBytes)
  if (weights !== null && weights.bytes > mostBindingBytes) refuse(where, 'bytes of weights', mostBindingBytes, weights.bytes)
  const groups = Math.max(...kernel.groups)
  if (groups > mostGroups) refuse(where, 'workgroups in one dimension', mostGroups, groups)
}

/**
 * The number of pictures that may run at once. It also checks the sizes of the picture and of all weights.
 * @throws MobileNetV2Error `BACKEND`
 */
export function picturesAtOnce(pictureBytes: number, slots: readonly number[], weightBytes: number): number {
  if (pictureBytes > mostBindingBytes) refuse('the picture', 'bytes', mostBindingBytes, pictureBytes)
  if (weightBytes > mostBufferBytes) refuse('weights', 'bytes', mostBufferBytes, weightBytes)
  return Math.min(mostPictures, Math.floor(mostBindingBytes / Math.max(pictureBytes, ...slots)))
}
