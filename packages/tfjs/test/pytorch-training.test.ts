import { type BottleneckRow, defineMobileNetV2, type LayerId, type LayerParameters } from '@mobilenetv2/spec'
import { expectAllClose, seededStateDict, seededValues } from '@mobilenetv2/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { TensorName } from '../src/training/network.js'
import { createOptimizer } from '../src/training/optimizer.js'
import { type Batch, findGradients } from '../src/training/passes.js'
import { learnedArrays, type UnfoldedLayerParameters, type UnfoldedParameters } from '../src/training/unfolded.js'
import golden from './goldens/pytorch_training.json' with { type: 'json' }
import { useBackend } from './support/backends.js'
import { noteTensors, outputChannelLast } from './support/note-names.js'

const { options, training, producer } = golden
const architecture = defineMobileNetV2({ ...options, table: options.table as unknown as BottleneckRow[] })
const names = noteTensors(architecture)
const shapes: Readonly<Record<string, number[]>> = golden.shapes

/** The values of PyTorch's tensors of these names, in our layouts by our names. */
function unpack(base64: string, tensors: readonly string[]): ReadonlyMap<TensorName, Float32Array> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const values = new Float32Array(bytes.buffer)
  let start = 0
  return new Map(
    tensors.map((theirs) => {
      const shape = shapes[theirs]!
      const length = shape.reduce((product, extent) => product * extent, 1)
      const { name, layer } = names.get(theirs)!
      start += length
      return [name, outputChannelLast(layer, shape, values.slice(start - length, start))]
    }),
  )
}

function startParameters(): UnfoldedParameters {
  const start = new Map<LayerId, LayerParameters | UnfoldedLayerParameters>()
  for (const { name, shape, values } of seededStateDict(shapes)) {
    const { name: ours, layer } = names.get(name)!
    const own = ours.slice(ours.lastIndexOf('.') + 1)
    start.set(layer.id, { ...start.get(layer.id)!, [own]: outputChannelLast(layer, shape, values) })
  }
  return start
}

function trainedOf(parameters: UnfoldedParameters) {
  const { layers, batchNormEpsilon } = architecture
  return { layers, parameters, batchNormEpsilon, labelSmoothing: training.labelSmoothing, classWeights: null }
}

function batchOf(step: number): Batch {
  const { height, width, headChannels, classes } = options
  const draws = seededValues(`dropout.${step}`, training.batch * headChannels, 0, 1)
  const pixels = seededValues(`pictures.${step}`, training.batch * height * width * 3, -1, 1, golden.seed)
  const length = height * width * 3
  return {
    entries: Array.from({ length: training.batch }, (_, picture) => ({
      before: pixels.subarray(picture * length, (picture + 1) * length),
      shortcuts: new Map(),
    })),
    labels: Array.from({ length: training.batch }, (_, picture) => (3 * step + 2 * picture) % classes),
    dropout: draws.map((draw) => (draw >= training.dropout ? 1 / (1 - training.dropout) : 0)),
  }
}

function flat(unfolded: UnfoldedParameters): ReadonlyMap<string, Float32Array> {
  return new Map([...unfolded].flatMap(([id, layer]) => Object.entries(layer).map(([name, values]) => [`${id}.${name}`, values])))
}

/** A beta whose effect the next BatchNorm subtracts with the mean has a gradient of 0, apart from rounding. */
const gradientTolerance = { relative: 1e-4, absolute: 1e-6 }

const backends = ['wasm', 'cpu'] as const

describe.each(backends)(`a network that trains as ${producer} trains it, on tfjs %s`, (backend) => {
  beforeAll(() => useBackend(backend))

  it('has the loss and every gradient within 1e-4 of the largest of its tensor', async () => {
    const before = tf.memory().numTensors
    const { loss, gradients } = await findGradients(trainedOf(startParameters()), batchOf(0))
    expectAllClose([loss], [golden.losses[0]!], { relative: 1e-4 })
    const expected = unpack(golden.gradients, golden.learned)
    expect([...gradients.keys()].toSorted()).toEqual([...expected.keys()].toSorted())
    for (const [name, values] of expected) {
      expect.soft(() => expectAllClose(gradients.get(name)!, values, gradientTolerance), name).not.toThrow()
    }
    expect(tf.memory().numTensors).toBe(before)
  })

  it.each<[number, number, string]>([
    [1, 1e-4, golden.afterStep1],
    // Ten steps of the cpu backend take seconds.
    ...(backend === 'wasm' ? [[training.steps, 1e-3, golden.afterStep10] as [number, number, string]] : []),
  ])('has every parameter after %d steps, within %f of the largest of its tensor', async (steps, relative, after) => {
    const before = tf.memory().numTensors
    const { learningRate, momentum, weightDecay } = training
    const parameters = startParameters()
    const optimizer = createOptimizer({ learningRate, momentum, weightDecay }, new Map())
    const arrays = new Map([...parameters].flatMap(([id, layer]) => learnedArrays(id, layer)))
    for (let step = 0; step < steps; step++) {
      const { loss, gradients } = await findGradients(trainedOf(parameters), batchOf(step))
      expectAllClose([loss], [golden.losses[step]!], { relative })
      for (const [name, gradient] of gradients) optimizer.update(name, arrays.get(name)!, gradient, learningRate, step + 1)
    }
    const actual = flat(parameters)
    for (const [name, values] of unpack(after, Object.keys(shapes))) {
      // Statistics are recomputed at the end, so that training keeps no running averages.
      if (name.endsWith('.mean') || name.endsWith('.variance')) continue
      expect.soft(() => expectAllClose(actual.get(name)!, values, { relative }), name).not.toThrow()
    }
    expect(tf.memory().numTensors).toBe(before)
  })
})
