import { splitArchitecture } from '@mobilenetv2/runtime'
import {
  type Architecture,
  type Backend,
  checkOptionNames,
  checkParameters,
  choiceOption,
  type Global,
  type Parameters,
  refuseOption,
} from '@mobilenetv2/spec'
import { availableOn, findAdapter } from './device/adapter.js'
import { givenAvailability, type Lease, leaseGiven, leaseShared } from './device/lease.js'
import type { Precision } from './device/shortcoming.js'
import type { WebGpuModel } from './model.js'
import { type Plan, planModel } from './planner/plan.js'
import { createWebGpuModel } from './runtime/compiled-model.js'
import { createEngine, type Engine } from './runtime/engine.js'
import { withHostTail } from './runtime/host-tail.js'
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

/** Compiles for the devices that `lease` opens: one now, and another where that one is lost. */
export async function compileOn(
  lease: (precision: Precision) => Promise<Lease>,
  architecture: Architecture,
  parameters: Parameters,
  { precision = 'float32', onProgress }: Omit<WebGpuOptions, 'device'> = {},
): Promise<WebGpuModel> {
  checkParameters(architecture, parameters)
  const { body, tail } = splitArchitecture(architecture)
  const open = async (tell?: WebGpuOptions['onProgress']): Promise<{ plan: Plan; engine: Engine }> => {
    const opened = await lease(precision)
    try {
      const plan = planModel(body, precision === 'float16' ? 'f16' : 'f32', opened)
      return { plan, engine: await createEngine(opened, plan, parameters, tell) }
    } catch (error) {
      opened.release()
      throw error
    }
  }
  const { plan, engine } = await open(onProgress)
  const model = createWebGpuModel({ architecture: body, plan, engine, open: async () => (await open()).engine })
  try {
    return await withHostTail(model, { architecture, tail, parameters })
  } catch (error) {
    model.dispose()
    throw error
  }
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
    compile(architecture, parameters) {
      const lease = device === undefined ? leaseShared : async () => leaseGiven(device, precision)
      return compileOn(lease, architecture, parameters, options)
    },
  }
}
