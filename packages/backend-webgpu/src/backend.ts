import { type Architecture, type Backend, type CompiledModel, checkParameters, type Parameters } from '@mobilenetv2/spec'
import { adapterName, findAdapter } from './device/adapter.js'
import { leaseGiven, leaseShared } from './device/lease.js'
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
  /** Is told how many kernels are compiled, of how many. */
  readonly onProgress?: (progress: Progress) => void
}

/** `Backend`, with the options of this one. */
export interface WebGpuBackend extends Backend {
  compile(architecture: Architecture, parameters: Parameters, options?: CompileOptions): Promise<CompiledModel>
}

/** MobileNetV2 on WebGPU, from WGSL that is generated for the architecture; in browsers, and in Node with the npm package `webgpu`. */
export const webgpu: WebGpuBackend = {
  name: 'webgpu',
  async availability() {
    const adapter = await findAdapter()
    return 'available' in adapter ? adapter : { available: true, device: adapterName(adapter.info) }
  },
  async compile(architecture, parameters, { device, onProgress } = {}) {
    checkParameters(architecture, parameters)
    const open = async (): Promise<{ plan: Plan; engine: Engine }> => {
      const lease = device === undefined ? await leaseShared() : leaseGiven(device)
      try {
        const plan = planModel(architecture, 'f32', lease)
        return { plan, engine: await createEngine(lease, plan, parameters, onProgress) }
      } catch (error) {
        lease.release()
        throw error
      }
    }
    const { plan, engine } = await open()
    return createCompiledModel({ architecture, plan, engine, open: async () => (await open()).engine })
  },
}
