import { expect, test } from 'vitest'
import { readCheckpoint } from '../src/index.js'
import { refusalOf } from './support/expect-refusal.js'
import { find, goldenBytes, patched } from './support/goldens.js'

const tflite = goldenBytes('float.tflite')

test.each([
  ['nothing', new Uint8Array()],
  ['text', new TextEncoder().encode('not a checkpoint')],
  ['a picture', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
])('%s: what is known, and how the file starts', async (_, bytes) => {
  const { details, file } = await refusalOf(() => readCheckpoint(bytes, { file: 'model.pth' }))
  expect(file).toBe('model.pth')
  expect(details.expected).toContain('TensorFlow Lite')
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
