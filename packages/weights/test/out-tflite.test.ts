import { defineMobileNetV2, MobileNetV2Error } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { expect, it } from 'vitest'
import { toTflite } from '../src/out/tflite.js'
import { tfliteArchitectures } from './support/out-architectures.js'

const decoder = new TextDecoder('latin1')

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

it('carries the identifier of TFLite, in memory of its own', () => {
  const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })
  const file = toTflite({ architecture, parameters: seededParameters(architecture) })
  expect(decoder.decode(file.subarray(4, 8))).toBe('TFL3')
  expect(file.byteOffset).toBe(0)
  expect(file.buffer.byteLength).toBe(file.length)
})

it.each(tfliteArchitectures)('holds every bias and depthwise kernel as it is, at a multiple of 16 bytes: %s', (_, architecture) => {
  const parameters = seededParameters(architecture)
  const file = decoder.decode(toTflite({ architecture, parameters }))
  for (const { id, kind } of architecture.layers) {
    const layer = parameters.get(id)
    if (layer === undefined) continue
    const place = file.indexOf(decoder.decode(bytesOf(layer.bias)))
    expect(place).toBeGreaterThan(0)
    // A bias of one value may stand elsewhere by chance.
    if (layer.bias.length > 1) expect(place % 16).toBe(0)
    if (kind === 'depthwise') expect(file.indexOf(decoder.decode(bytesOf(layer.kernel))) % 16).toBe(0)
  }
})

it('pads by an operator only where SAME would put other zeros', () => {
  const padded = (padding: 'symmetric' | 'same', size: number): number => {
    const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: size, width: size, padding, classes: 2 })
    return decoder.decode(toTflite({ architecture, parameters: seededParameters(architecture) })).split('/padded').length - 1
  }
  expect(padded('same', 64)).toBe(0)
  expect(padded('symmetric', 33)).toBe(0)
  expect(padded('symmetric', 64)).toBe(5)
})

it('adds little to the parameters', () => {
  const architecture = defineMobileNetV2()
  const file = toTflite({ architecture, parameters: seededParameters(architecture) })
  expect(file.length - 4 * 3_487_816).toBeLessThan(32 * 1024)
})

it('refuses parameters that do not fit', () => {
  const architecture = defineMobileNetV2({ classes: 2 })
  const parameters = new Map(seededParameters(architecture))
  parameters.delete('block3.project')
  expect(() => toTflite({ architecture, parameters })).toThrow(MobileNetV2Error)
  expect(() => toTflite({ architecture, parameters })).toThrow('layer block3.project')
})

it('refuses a network of more than 2 GiB before it takes memory', () => {
  const architecture = defineMobileNetV2({ classes: 1_000_000, headChannels: 1280 })
  expect(() => toTflite({ architecture, parameters: new Map() })).toThrow('do not fit into one file of TensorFlow Lite')
})
