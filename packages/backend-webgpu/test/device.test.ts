import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { refusal, seededInput, seededParameters } from '@mobilenetv2/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { webgpu } from '../src/index.js'
import { compileKernel } from '../src/runtime/pipelines.js'
import { type Counts, countedDevice } from './support/counted-device.js'

const table = [[2, 8, 2, 2]] as const
const architecture = defineMobileNetV2({ table, stemChannels: 8, headChannels: 16, height: 32, width: 32, classes: 10 })
const parameters = seededParameters(architecture)
const input = seededInput(architecture)

let device: GPUDevice
let counts: Counts
beforeAll(async () => {
  ;({ device, counts } = await countedDevice())
})
afterAll(() => device.destroy())

describe('a device', () => {
  it('that is given holds no buffer after 50 rounds of compile, run and dispose', async () => {
    for (let round = 0; round < 50; round++) {
      const model = await webgpu({ device }).compile(architecture, parameters)
      await model.run(input, { outputs: ['logits', 'features'] })
      await model.runOnDevice(input, () => undefined)
      await model.top(input, 3)
      model.dispose()
      expect(counts.alive).toBe(0)
    }
    expect(counts.created).toBeGreaterThan(50 * 5)
  })

  it('gets one submission a run, and no new buffer after the first runs', async () => {
    using model = await webgpu({ device }).compile(architecture, parameters)
    const runs = [
      () => model.run(seededInput(architecture, 3), { batch: 3, outputs: ['logits', 'features'] }),
      () => model.run(input),
      () => model.runOnDevice(input, () => undefined),
      () => model.top(input, 5),
    ]
    for (const run of runs) await run()
    for (const run of runs) {
      const { created, submitted } = counts
      await run()
      expect(counts.created).toBe(created)
      expect(counts.submitted).toBe(submitted + 1)
    }
  })

  it('that is lost ends the run that is under way, with the reason of the loss; the next run opens another', async () => {
    using model = await webgpu().compile(architecture, parameters)
    const { logits } = await model.run(input)
    const lost = model.gpu
    const runs = [model.run(input), model.run(input)]
    lost.destroy()
    const error = await refusal(runs[0]!)
    expect(error.code).toBe('BACKEND')
    expect(error.message).toMatch(/device was lost/)
    expect(error.details.got).toMatch(/destroyed/)
    // The second run was only queued. It found the loss, and opened another device.
    expect((await runs[1]!).logits).toEqual(logits)
    expect((await model.run(input)).logits).toEqual(logits)
    expect(model.gpu).not.toBe(lost)
  })

  it('that was given is not replaced', async () => {
    const { device: given } = await countedDevice()
    using model = await webgpu({ device: given }).compile(architecture, parameters)
    await model.run(input)
    given.destroy()
    await given.lost
    const error = await refusal(model.run(input))
    expect(error.code).toBe('BACKEND')
    expect(error.details.remedy).toMatch(/another device/)
  })

  it('that refuses a kernel is quoted, with the layer and the line of WGSL', async () => {
    const code = '@compute @workgroup_size(1)\nfn main() {\n  let x: u32 = 1.5;\n}\n'
    const error = await refusal(compileKernel(device, code, 'layer block3.expand'))
    expect(error.code).toBe('BACKEND')
    expect(error.details.where).toBe('layer block3.expand, line 3 of its WGSL: let x: u32 = 1.5;')
    expect(error.details.got).toMatch(/u32/)
  })

  it('without float16 is refused for that precision, by name', async () => {
    const error = await refusal(webgpu({ device, precision: 'float16' }).compile(architecture, parameters))
    expect(error.code).toBe('BACKEND')
    expect(error.message).toMatch(/shader-f16/)
  })

  it('without timestamp queries has no profile, and says so', async () => {
    using model = await webgpu({ device }).compile(architecture, parameters)
    expect((await refusal(model.profile())).message).toMatch(/timestamp/)
  })
})
