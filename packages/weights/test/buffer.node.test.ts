import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { expect, it } from 'vitest'
import { inferOptions } from '../src/infer/infer-options.js'
import { toOnnx } from '../src/out/onnx.js'
import { toTflite } from '../src/out/tflite.js'
import { readCheckpoint } from '../src/read-checkpoint.js'
import { toParameters } from '../src/to-parameters.js'

// A Buffer's slice shares memory: a reader that copies with it would take the whole pool for one tensor.
it.each([
  ['TFLite', toTflite],
  ['ONNX', toOnnx],
])('reads %s from a Buffer of Node at any offset as from a Uint8Array', async (_, write) => {
  const architecture = defineMobileNetV2({ widthMultiplier: 0.1, height: 64, width: 64, classes: 3 })
  const file = write(architecture, seededParameters(architecture))
  const expected = await readCheckpoint(file)
  for (const offset of [0, 1, 2, 3]) {
    const buffer = Buffer.alloc(file.length + offset).subarray(offset)
    buffer.set(file)
    const checkpoint = await readCheckpoint(buffer)
    const { options } = inferOptions(checkpoint)
    expect(toParameters(checkpoint, defineMobileNetV2(options))).toEqual(toParameters(expected, defineMobileNetV2(options)))
  }
})
