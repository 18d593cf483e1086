import { expect, test } from 'vitest'
import { bytesOf } from '../src/formats/onnx/constants.js'

/** Floats with scales of 1 and one zero point. */
const floats = (values: readonly number[], zeroPoint: number) => ({
  ...({
    name: 'kernel',
    shape: [values.length],
    dtype: 'float32',
    bytes: new Uint8Array(Float32Array.from(values).buffer),
  } as const),
  quantization: { scales: [1], zeroPoints: [zeroPoint], axis: 0 },
})

test.each<['int8' | 'uint8', number, readonly number[]]>([
  ['uint8', 3, [0, 3, 3, 5, 1, 255]],
  ['int8', 0, [-128, 0, 0, 2, -2, 127]],
  ['int8', 1, [-128, 1, 1, 3, -1, 127]],
])('floats become %s with the zero point %d: halves are rounded to even before it is added', (dtype, zeroPoint, expected) => {
  const bytes = bytesOf(floats([-300, -0.5, 0.5, 1.5, -1.5, 300], zeroPoint), dtype)
  expect([...(dtype === 'int8' ? new Int8Array(bytes.buffer) : bytes)]).toEqual(expected)
})
