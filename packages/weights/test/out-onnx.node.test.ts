import { expectAllClose, runReference, seededInput, seededParameters } from '@mobilenetv2/testing'
import * as ort from 'onnxruntime-web'
import { expect, test } from 'vitest'
import { toOnnx } from '../src/out/onnx.js'
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
  expect(logits?.dims).toEqual([batch, architecture.classes])
  const expected = runReference(architecture, parameters, pixels, { batch })
  expectAllClose(logits!.data as Float32Array, expected.logits, { relative: 1e-4 })
})
