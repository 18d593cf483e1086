import { join } from 'node:path'
import { provideWebGpu } from '@mobilenetv2/testing/node-webgpu'
import { describe, expect, it } from 'vitest'
import { load } from '../src/load.js'
import { labelledPhotos, leftOut, modelsFolder } from './real-models.js'

describe.skipIf(leftOut !== '')(`real weights on WebGPU${leftOut}`, () => {
  it('gives the labels of the WASM backend on five photos', async () => {
    await provideWebGpu()
    const file = join(modelsFolder ?? '', 'mobilenet_v2_1.0_224_quant.tflite')
    using onGpu = await load(file, { backend: 'webgpu' })
    using onWasm = await load(file, { backend: 'wasm' })
    for (const { path } of labelledPhotos().slice(0, 5)) {
      const [gpu, wasm] = [await onGpu.classify(path), await onWasm.classify(path)]
      expect(gpu.map(({ label }) => label)).toEqual(wasm.map(({ label }) => label))
      for (const [index, { probability }] of gpu.entries()) expect(probability).toBeCloseTo(wasm[index]!.probability, 4)
    }
  })

  it('is passed by where it is only software, and runs where it is asked for', async () => {
    await provideWebGpu()
    using model = await load(join(modelsFolder ?? '', 'mobilenet_v2_1.0_224_quant.tflite'))
    expect(model.backend).toBe('wasm')
    expect(model.reasons.at(-1)).toBe('backend auto: wasm, the only backend that is here on hardware')
  })
})
