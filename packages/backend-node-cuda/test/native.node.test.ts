import { defineMobileNetV2, isWeighted } from '@mobilenetv2/spec'
import { describeBackendConformance, expectAllClose, seededInput, seededParameters } from '@mobilenetv2/testing'
import { initialParameters, train } from '@mobilenetv2/tfjs'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { nodeCuda } from '../src/index.js'
import { tensorFlow } from '../src/tensorflow.js'

const wanted = process.env.MOBILENETV2_NATIVE === 'required'

describe.skipIf(!wanted)('TensorFlow native (left out: npm run test:native builds the binding and runs this)', () => {
  describeBackendConformance(nodeCuda({ device: 'auto' }))

  it("runs TensorFlow's own kernels: as many as the network has layers of a kind", async () => {
    const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 64, width: 64, classes: 10 })
    const model = await nodeCuda({ device: 'auto' }).compile(architecture, seededParameters(architecture))
    const found = tensorFlow()
    if ('reason' in found) throw new Error(found.reason)
    const counts: Record<string, number> = {}
    const { binding } = found.backend as unknown as { binding: Record<'executeOp', (name: string, ...rest: unknown[]) => unknown> }
    const executeOp = (name: string, ...rest: unknown[]): unknown => {
      counts[name] = (counts[name] ?? 0) + 1
      return binding.executeOp(name, ...rest)
    }
    Object.assign(found.backend, { binding: Object.create(binding, { executeOp: { value: executeOp } }) })
    try {
      await model.run(seededInput(architecture))
    } finally {
      Object.assign(found.backend, { binding })
      model.dispose()
    }
    const kinds = (...wantedKinds: string[]): number => architecture.layers.filter(({ kind }) => wantedKinds.includes(kind)).length
    expect(counts).toMatchObject({
      Conv2D: kinds('convolution', 'pointwise'),
      DepthwiseConv2dNative: kinds('depthwise'),
      Mean: 1,
    })
    expect(counts.Relu6).toBe(architecture.layers.filter((layer) => isWeighted(layer) && layer.activation === 'relu6').length)
  })

  it('trains, and its losses are those of the plain backend', async () => {
    const [side, count] = [64, 8]
    const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: side, width: side, classes: 2 })
    const all = seededInput(architecture, count)
    const dataset = {
      classNames: ['one', 'other'],
      labels: Array.from({ length: count }, (_, picture) => picture % 2),
      picture: (index: number) => ({
        height: side,
        width: side,
        pixels: all.subarray(index * side ** 2 * 3, (index + 1) * side ** 2 * 3),
      }),
    }
    const parameters = initialParameters(architecture, { seed: 1 })
    const optimizer = { kind: 'sgd', learningRate: 0.01 } as const
    const lossesOn = async (backend: string): Promise<readonly number[]> => {
      await tf.setBackend(backend)
      return (await train({ architecture, parameters, dataset, optimizer, epochs: 2, batch: count, dropout: 0 })).losses
    }
    tensorFlow()
    // Batch statistics of small maps magnify the rounding of sums.
    expectAllClose(Float32Array.from(await lossesOn('tensorflow')), await lossesOn('cpu'), { relative: 0.02 })
  }, 120_000)

  it('refuses to run on the CPU if CUDA is asked for; with auto it runs, and says on what', async () => {
    const found = tensorFlow()
    if ('reason' in found || found.usesGpu) return
    expect(await nodeCuda().availability()).toMatchObject({ available: false, remedy: expect.stringContaining("device: 'auto'") })
    const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })
    await expect(nodeCuda().compile(architecture, seededParameters(architecture))).rejects.toMatchObject({ code: 'BACKEND' })
    const model = await nodeCuda({ device: 'auto' }).compile(architecture, seededParameters(architecture))
    expect(model.device).toMatch(/^cpu \(TensorFlow 2\.\d+\.\d+\)$/)
    const before = tf.memory().numTensors
    await model.run(seededInput(architecture, 64), { batch: 64 })
    expect(tf.memory().numTensors).toBe(before)
    model.dispose()
  })
})
