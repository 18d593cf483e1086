import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { expect, it } from 'vitest'
import { compileKernel } from '../src/runtime/pipelines.js'
import { emitKernel } from '../src/wgsl/emit-kernel.js'
import { planModel } from './support/plan-body.js'

it('every kernel in float16 is valid WGSL, for a device that only validates it', async () => {
  const { create } = await import('webgpu')
  // Kept until the end, because a device does not outlive it.
  const gpu = create(['backend=null'])
  const adapter = await gpu.requestAdapter()
  const device = await adapter!.requestDevice({ requiredFeatures: ['shader-f16'] })
  for (const adapterKind of ['hardware', 'software'] as const) {
    const { steps } = planModel(defineMobileNetV2(), 'f16', { adapter: adapterKind })
    for (const code of new Set(steps.map(({ kernel }) => emitKernel(kernel)))) {
      expect(code).toContain('enable f16;')
      await compileKernel(device, code, 'any')
    }
  }
  device.destroy()
  expect(gpu).toBeDefined()
})
