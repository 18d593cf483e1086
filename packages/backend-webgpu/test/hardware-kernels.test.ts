import { type Architecture, defineMobileNetV2 } from '@mobilenetv2/spec'
import { expectAllClose, runReference, seededInput, seededParameters } from '@mobilenetv2/testing'
import { describe, expect, it } from 'vitest'
import { compileOn } from '../src/compile-on.js'
import { type Lease, leaseShared } from '../src/device/lease.js'
import { planModel } from './support/plan-body.js'

/** The kernels that hardware gets, here on software, where their barriers are slow. */
const asHardware = async (): Promise<Lease> => ({ ...(await leaseShared('float32')), adapter: 'hardware' })

async function compare(architecture: Architecture, batch: number): Promise<void> {
  const parameters = seededParameters(architecture)
  using model = await compileOn(asHardware, architecture, parameters)
  const input = seededInput(architecture, batch)
  const outputs = ['logits', 'features'] as const
  const actual = await model.run(input, { batch, outputs })
  const expected = runReference(architecture, parameters, input, { batch, outputs })
  for (const name of outputs) expectAllClose(actual[name], expected[name], { relative: 1e-4 })
}

describe('kernels with barriers', () => {
  const table = [
    [1, 8, 1, 1],
    [6, 12, 2, 2],
    [3, 16, 1, 1],
  ] as const
  const options = { table, stemChannels: 8, headChannels: 40, classes: 10, height: 37, width: 51 }

  it('fused expansions of both strides, split products and a split mean agree with the reference', async () => {
    const architecture = defineMobileNetV2(options)
    const kernels = planModel(architecture, 'f32', { adapter: 'hardware' }).steps.map(({ kernel }) => kernel)
    const fused = kernels.filter(({ kind }) => kind === 'expandDepthwise')
    expect(fused.map((kernel) => 'window' in kernel && kernel.window.stride)).toEqual([2, 1, 1])
    expect(kernels.some((kernel) => kernel.kind === 'pointwise' && kernel.splits > 1)).toBe(true)
    expect(kernels.some((kernel) => kernel.kind === 'pointwisePool' && kernel.splits > 1)).toBe(true)
    await compare(architecture, 2)
  })

  it('and so they do in the other padding convention, with residuals between expansions', () =>
    compare(defineMobileNetV2({ ...options, padding: 'same', residual: 'expansion', bottleneckActivation: 'relu6' }), 1))
})
