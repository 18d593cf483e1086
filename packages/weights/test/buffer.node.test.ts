import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { expect, it } from 'vitest'
import { readNetwork, toOnnx, toTflite } from '../src/index.js'

// A Buffer's slice shares memory: a reader that copies with it would take the whole pool for one tensor.
it.each([
  ['TFLite', toTflite],
  ['ONNX', toOnnx],
])('reads %s from a Buffer of Node at any offset as from a Uint8Array', async (_, write) => {
  const architecture = defineMobileNetV2({ widthMultiplier: 0.1, headChannels: 16, height: 64, width: 64, classes: 3 })
  const file = write({ architecture, parameters: seededParameters(architecture) })
  const expected = await readNetwork(file)
  for (const offset of [0, 1, 2, 3]) {
    const buffer = Buffer.alloc(file.length + offset).subarray(offset)
    buffer.set(file)
    expect(await readNetwork(buffer)).toEqual(expected)
  }
})
