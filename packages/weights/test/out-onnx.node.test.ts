import { defineMobileNetV2, type LayerId, truncateAt } from '@mobilenetv2/spec'
import { expectAllClose, runReference, seededInput, seededParameters } from '@mobilenetv2/testing'
import * as ort from 'onnxruntime-web'
import { expect, test } from 'vitest'
import { type ToOnnxOptions, toOnnx } from '../src/out/onnx.js'
import { architectures } from './support/out-architectures.js'

const batch = 2

/** [batch, height, width, channels] → [batch, channels, height, width] */
function channelsFirst(pixels: Float32Array, positions: number, channels: number): Float32Array {
  const moved = new Float32Array(pixels.length)
  const picture = positions * channels
  for (let at = 0; at < pixels.length; at++) {
    const inside = at % picture
    moved[at - inside + (inside % channels) * positions + Math.floor(inside / channels)] = pixels[at]!
  }
  return moved
}

test.each(architectures)('ONNX Runtime gives the logits of the reference within 1e-4: %s', async (_, architecture) => {
  const parameters = seededParameters(architecture)
  const { height, width, channels } = architecture.input
  const pixels = seededInput(architecture, batch)
  const session = await ort.InferenceSession.create(toOnnx({ architecture, parameters }), { executionProviders: ['wasm'] })
  const input = new ort.Tensor('float32', channelsFirst(pixels, height * width, channels), [batch, channels, height, width])
  const { logits } = await session.run({ input })
  await session.release()
  expect(logits?.dims).toEqual([batch, architecture.layers.at(-1)!.output.channels])
  const expected = runReference(architecture, parameters, pixels, { batch })
  expectAllClose(logits!.data as Float32Array, expected.logits, { relative: 1e-4 })
})

const small = defineMobileNetV2({ widthMultiplier: 0.35, height: 33, width: 47, classes: 10 })

test('channels last, with features: the input is read as it is, and both outputs are those of the reference', async () => {
  for (const architecture of [small, truncateAt(small, 'pool')]) {
    const parameters = seededParameters(architecture)
    const { height, width, channels } = architecture.input
    const pixels = seededInput(architecture, batch)
    const bytes = toOnnx({ architecture, parameters }, { layout: 'channelsLast', features: true })
    const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] })
    const results = await session.run({ input: new ort.Tensor('float32', pixels, [batch, height, width, channels]) })
    await session.release()
    expect(session.outputNames).toEqual(['logits', 'features'])
    const expected = runReference(architecture, parameters, pixels, { batch, outputs: ['logits', 'features'] })
    for (const name of ['logits', 'features'] as const) {
      expect(results[name]?.dims).toEqual([batch, expected[name].length / batch])
      expectAllClose(results[name]!.data as Float32Array, expected[name], { relative: 1e-4 })
    }
  }
})

test.each<LayerId>(['stem', 'block3.project', 'head'])('a network that ends with the map of %s, in either layout', async (id) => {
  const architecture = truncateAt(small, id)
  const parameters = seededParameters(architecture)
  const { height, width, channels } = architecture.input
  const map = architecture.layers.at(-1)!.output
  const pixels = seededInput(architecture, batch)
  const { logits: expected } = runReference(architecture, parameters, pixels, { batch })
  const run = async (options: ToOnnxOptions, input: Float32Array, shape: readonly number[]): Promise<ort.Tensor> => {
    const bytes = toOnnx({ architecture, parameters }, options)
    const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] })
    const { logits } = await session.run({ input: new ort.Tensor('float32', input, shape) })
    await session.release()
    return logits!
  }
  const last = await run({ layout: 'channelsLast' }, pixels, [batch, height, width, channels])
  expect(last.dims).toEqual([batch, map.height, map.width, map.channels])
  expectAllClose(last.data as Float32Array, expected, { relative: 1e-4 })
  const first = await run({}, channelsFirst(pixels, height * width, channels), [batch, channels, height, width])
  expect(first.dims).toEqual([batch, map.channels, map.height, map.width])
  expectAllClose(first.data as Float32Array, channelsFirst(expected, map.height * map.width, map.channels), { relative: 1e-4 })
})

test('unknown options, other layouts, and features of a network without a pool are refused', () => {
  const parameters = seededParameters(small)
  expect(() => toOnnx({ architecture: small, parameters }, { order: 'NHWC' } as ToOnnxOptions)).toThrow(/no option order/)
  expect(() => toOnnx({ architecture: small, parameters }, { layout: 'NHWC' as 'channelsLast' })).toThrow(
    /channelsFirst, channelsLast/,
  )
  expect(() => toOnnx({ architecture: small, parameters }, { features: 1 as never })).toThrow(/option features/)
  expect(() => toOnnx({ architecture: truncateAt(small, 'head'), parameters }, { features: true })).toThrow(/no such output/)
})
