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

/** Options of `webgpu`. */
export interface WebGpuOptions {
  /**
   * The device to run on, such as that of tfjs-backend-webgpu. The caller still owns it. Unless given, all models share one device, which
   * is opened for the first model and closed with the last one.
   */
  readonly device?: Global<'GPUDevice'> | undefined
  /**
   * The number format in which weights and activations are stored: `float32` unless given. Sums, the picture, features and logits are
   * always float32. `float16` moves half of the bytes and needs a device with the feature `shader-f16`. It has not been tested on hardware.
   */
  readonly precision?: Precision | undefined
  /** Called after each kernel that is compiled. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** A `Backend` whose models also take buffers and pictures on the device. */
export interface WebGpuBackend extends Backend {
  /**
   * Compiles a network, as `Backend.compile`.
   * @throws MobileNetV2Error `BACKEND` if WebGPU or the precision is not available here, or if the network is too large for the device;
   * `PARAMETERS` if the parameters do not fit the architecture
   */
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
 * The backend `webgpu`: runs a network on WebGPU, with WGSL that is generated for it. It runs in browsers, and in Node with the npm package
 * `webgpu`.
 * @throws MobileNetV2Error `OPTION` if an option is unknown or out of its range
 * @example
 * ```ts
 * import { webgpu } from '@mobilenetv2/backend-webgpu'
 * import { load } from 'mobilenetv2'
 *
 * const model = await load('mobilenet_v2.pth', { backend: webgpu({ precision: 'float16' }) })
 * console.log(model.device)
 * ```
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
      // This import is lazy, so that a page which only asks for the availability does not load the kernels.
      const { compileOn } = await import('./compile-on.js')
      const lease = device === undefined ? leaseShared : async () => leaseGiven(device, precision)
      return compileOn(lease, architecture, parameters, options)
    },
  }
}
