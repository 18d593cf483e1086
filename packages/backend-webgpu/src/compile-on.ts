import { splitArchitecture } from '@mobilenetv2/runtime'
import { type Architecture, checkParameters, type Parameters } from '@mobilenetv2/spec'
import type { Lease } from './device/lease.js'
import type { Precision } from './device/shortcoming.js'
import type { WebGpuModel } from './model.js'
import { type Plan, planModel } from './planner/plan.js'
import { createWebGpuModel } from './runtime/compiled-model.js'
import { createEngine, type Engine } from './runtime/engine.js'
import { withHostTail } from './runtime/host-tail.js'
import type { WebGpuOptions } from './webgpu.js'

/** Compiles a network for the device that `lease` gives. If the device is lost, the next run calls `lease` again. */
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
