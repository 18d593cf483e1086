import type { Unavailable } from '@mobilenetv2/runtime'
import type { Global } from '@mobilenetv2/spec'

/** The number format in which weights and activations are stored. */
export type Precision = 'float32' | 'float16'

/** The limits that kernels need. They are WebGPU's defaults, but the compatibility mode of old hardware has lower ones. */
const neededLimits = {
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupStorageSize: 16_384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
} as const

/** Why an adapter or a device cannot run models of a precision; null if it can. */
export function shortcoming(
  name: string,
  { limits, features }: Pick<Global<'GPUAdapter'>, 'limits' | 'features'>,
  precision: Precision,
): Unavailable | null {
  for (const [limit, needed] of Object.entries(neededLimits)) {
    const got = limits[limit as keyof typeof neededLimits]
    if (got >= needed) continue
    return {
      available: false,
      reason: `The limit ${limit} of ${name} is ${got}, and ${needed} is needed.`,
      remedy:
        'Update the graphics driver; or open a device with this limit in requiredLimits and give it; or use the wasm backend.',
    }
  }
  if (precision === 'float32' || features.has('shader-f16')) return null
  return {
    available: false,
    reason: `The precision float16 needs the feature shader-f16, which ${name} does not have.`,
    remedy: 'Use the precision float32; or, if the adapter has the feature, open a device with it in requiredFeatures and give it.',
  }
}
