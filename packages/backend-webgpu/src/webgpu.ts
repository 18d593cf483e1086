import {
  type Architecture,
  type Backend,
  checkOptionNames,
  choiceOption,
  type Global,
  type Parameters,
  refuseOption,
} from '@mobilenetv2/spec'
import { availableOn, findAdapter } from './device/adapter.js'
import { givenAvailability, leaseGiven, leaseShared } from './device/lease.js'
import type { Precision } from './device/shortcoming.js'
import type { WebGpuModel } from './model.js'
import type { Progress } from './runtime/pipelines.js'

/** What `webgpu` takes. */
export interface WebGpuOptions {
  /**
   * The device to run on, which stays the caller's: tfjs-backend-webgpu's own, for example. Unless given, all models share one device,
   * which is opened for the first and closed with the last.
   */
  readonly device?: Global<'GPUDevice'> | undefined
  /**
   * How weights and activations are stored; sums, the picture, features and logits are float32 in any case. `float16` needs a device
   * with the feature `shader-f16`, moves half of the bytes, and has not been tested on hardware. `float32` unless given.
   */
  readonly precision?: Precision | undefined
  /** Is told how many kernels are compiled, of how many. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** `Backend`, whose models also take buffers and pictures on the device. */
export interface WebGpuBackend extends Backend {
  compile(architecture: Architecture, parameters: Parameters): Promise<WebGpuModel>
}

function checkOptions(options: WebGpuOptions): void {
  checkOptionNames(options, ['device', 'precision', 'onProgress'])
  const { device, precision, onProgress } = options
  if (device !== undefined && Object(device).limits === undefined) refuseOption('device', device, 'a GPUDevice')
  if (precision !== undefined) choiceOption('precision', precision, ['float32', 'float16'])
  if (onProgress !== undefined && typeof onProgress !== 'function') refuseOption('onProgress', onProgress, 'a function')
}

/**
 * MobileNetV2 on WebGPU, from WGSL that is generated for the architecture; in browsers, and in Node with the npm package `webgpu`.
 * @throws MobileNetV2Error `OPTION` if an option is unknown or out of its range
 */
export function webgpu(options: WebGpuOptions = {}): WebGpuBackend {
  checkOptions(options)
  const { device, precision = 'float32' } = options
  return {
    name: 'webgpu',
    async availability() {
      if (device !== undefined) return givenAvailability(device, precision)
      const adapter = await findAdapter(precision)
      return 'available' in adapter ? adapter : availableOn(adapter.info)
    },
    async compile(architecture, parameters) {
      // A page that only asks whether it has WebGPU need not load the kernels.
      const { compileOn } = await import('./compile-on.js')
      const lease = device === undefined ? leaseShared : async () => leaseGiven(device, precision)
      return compileOn(lease, architecture, parameters, options)
    },
  }
}
