import { type Architecture, type Backend, checkParameters, MobileNetV2Error, type Parameters } from '@mobilenetv2/spec'
import { adapterKind, adapterName, findAdapter } from './device/adapter.js'
import { type Lease, leaseGiven, leaseShared } from './device/lease.js'
import type { WebGpuModel } from './model.js'
import { type Plan, planModel } from './planner/plan.js'
import { createCompiledModel } from './runtime/compiled-model.js'
import { createEngine, type Engine } from './runtime/engine.js'
import type { Progress } from './runtime/pipelines.js'

/** What `webgpu.compile` takes beside an architecture and its parameters. */
export interface CompileOptions {
  /**
   * The device to run on, which stays the caller's: tfjs-backend-webgpu's own, for one. Unless given, all models share one device,
   * which is opened for the first and closed with the last.
   */
  readonly device?: GPUDevice
  /**
   * How weights and activations are stored; sums, the picture, features and logits are float32 in any case. `float16` needs a device
   * with the feature `shader-f16`, moves half of the bytes, and has not been tested on hardware. `float32` unless given.
   */
  readonly precision?: 'float32' | 'float16'
  /** Is told how many kernels are compiled, of how many. */
  readonly onProgress?: (progress: Progress) => void
}

/** `Backend`, with the options of this one. */
export interface WebGpuBackend extends Backend {
  compile(architecture: Architecture, parameters: Parameters, options?: CompileOptions): Promise<WebGpuModel>
}

function checkFloat16({ device, name }: Lease): void {
  if (device.features.has('shader-f16')) return
  throw new MobileNetV2Error('BACKEND', 'The device has no float16.', {
    where: 'option precision',
    expected: 'a device with the feature shader-f16',
    got: name,
    remedy: 'Use the precision float32; a device that is given must have been opened with the feature.',
  })
}

/** Compiles for the devices that `lease` opens: one now, and another where that one is lost. */
export async function compileOn(
  lease: () => Promise<Lease>,
  architecture: Architecture,
  parameters: Parameters,
  { precision = 'float32', onProgress }: Omit<CompileOptions, 'device'>,
): Promise<WebGpuModel> {
  checkParameters(architecture, parameters)
  const open = async (tell?: CompileOptions['onProgress']): Promise<{ plan: Plan; engine: Engine }> => {
    const opened = await lease()
    try {
      if (precision === 'float16') checkFloat16(opened)
      const plan = planModel(architecture, precision === 'float16' ? 'f16' : 'f32', opened)
      return { plan, engine: await createEngine(opened, plan, parameters, tell) }
    } catch (error) {
      opened.release()
      throw error
    }
  }
  const { plan, engine } = await open(onProgress)
  return createCompiledModel({ architecture, plan, engine, open: async () => (await open()).engine })
}

/** MobileNetV2 on WebGPU, from WGSL that is generated for the architecture; in browsers, and in Node with the npm package `webgpu`. */
export const webgpu: WebGpuBackend = {
  name: 'webgpu',
  async availability() {
    const adapter = await findAdapter()
    if ('available' in adapter) return adapter
    return { available: true, device: adapterName(adapter.info), software: adapterKind(adapter.info) === 'software' }
  },
  compile(architecture, parameters, { device, ...options } = {}) {
    const lease = device === undefined ? leaseShared : async () => leaseGiven(device)
    return compileOn(lease, architecture, parameters, options)
  },
}
