import { expect, test } from 'vitest'
import { readCheckpoint } from '../src/index.js'
import { refusalOf } from './support/expect-refusal.js'
import { find, goldenBytes, patched } from './support/goldens.js'

const tflite = goldenBytes('float.tflite')

test('what is known, and how the file starts', async () => {
  const { details, file } = await refusalOf(() => readCheckpoint(new Uint8Array([1, 2, 3]), { file: 'model.pth' }))
  expect(file).toBe('model.pth')
  expect(details.expected).toContain('TensorFlow Lite')
  expect(details.got).toBe('3 bytes that start with 01 02 03')
})

test.each(['note.pth', 'float.tflite', 'int8.tflite'])('%s cut off anywhere', async (name) => {
  const bytes = goldenBytes(name)
  for (let length = 8; length < bytes.length; length += Math.floor(bytes.length / 37)) {
    expect((await refusalOf(() => readCheckpoint(bytes.subarray(0, length)))).code).toBe('CHECKPOINT')
  }
})

test('a TFLite file whose root lies beyond it', async () => {
  const { message } = await refusalOf(() => readCheckpoint(patched(tflite, 0, [0xff, 0xff, 0xff, 0x7f])))
  expect(message).toContain('beyond the file')
})

test('a TFLite file with a text of 4 GB', async () => {
  const name = find(tflite, 'MLIR Converted.')
  const { message } = await refusalOf(() => readCheckpoint(patched(tflite, name - 4, [0xff, 0xff, 0xff, 0xff])))
  expect(message).toContain('beyond the file')
})
