import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inputLength } from '@mobilenetv2/spec'
import { runIntegerReference, seededLevels, seededValues } from '@mobilenetv2/testing'
import { describe, expect, test } from 'vitest'
import { type Network, readNetwork } from '../src/index.js'
import { golden, goldenBytes } from './support/goldens.js'
import { type QuantizationPlace, variedTflite } from './support/varied-tflite.js'

/** What LiteRT computes in one layer: the SHA-256 of its integers less their zero point, as int16, and the first of them. */
interface LayerGolden {
  readonly digest: string
  readonly first: readonly number[]
}

interface Golden {
  readonly files: Readonly<Record<string, readonly LayerGolden[]>>
  readonly variants: Readonly<
    Record<string, { readonly places: readonly QuantizationPlace[]; readonly layers: readonly (readonly LayerGolden[])[] }>
  >
}

const { files, variants } = golden<Golden>('integers.json')

/** Small files that take floats. */
const takesFloats = new Set(['rescaled-int8.tflite', 'unsigned.tflite', 'quantized-floats.tflite'])

/** The input that LiteRT was given, in the network's own numbers. */
function pictureOf({ architecture, integers, preprocessing: { mean, deviation } }: Network, file: string): Float32Array {
  const { scale } = integers!.input
  if (takesFloats.has(file)) {
    const shift = 1.5 * 2 ** 52
    // Half integers of the scale, rounded to even as NumPy rounds.
    return seededValues('picture', inputLength(architecture), -300, 300).map((value) => ((value * 2 + shift - shift) / 2) * scale)
  }
  return seededLevels(1, architecture.input.height).map((level, at) => (level / 255 - mean[at % 3]!) / deviation[at % 3]!)
}

function summarize(values: Int16Array): LayerGolden {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return { digest: createHash('sha256').update(bytes).digest('hex').slice(0, 16), first: [...values.subarray(0, 4)] }
}

async function expectLiteRts(bytes: Uint8Array, file: string, expected: readonly LayerGolden[]): Promise<void> {
  const network = await readNetwork(bytes)
  const { architecture, integers, reasons } = network
  expect({ integers: integers !== null, reasons }).toMatchObject({ integers: true })
  const found = runIntegerReference(architecture, integers!, pictureOf(network, file))
  expect([...found.keys()]).toEqual(architecture.layers.map(({ id }) => id))
  expect([...found].map(([id, values]) => ({ id, ...summarize(values) }))).toEqual(
    expected.map((layer, index) => ({ id: architecture.layers[index]!.id, ...layer })),
  )
}

const published = /^(tf2_)?mobilenet_/
const ofName = (isPublished: boolean): string[] => Object.keys(files).filter((file) => published.test(file) === isPublished)

describe("each layer of a quantised file, in integers: bit for bit LiteRT's", () => {
  test.each(ofName(false))('%s', (file) => expectLiteRts(goldenBytes(file), file, files[file]!))

  describe.each(Object.keys(variants))('%s with other scales and zero points', (file) => {
    const { places, layers } = variants[file]!
    test.each(layers.map((_, seed) => seed))('seed %i', (seed) =>
      expectLiteRts(variedTflite(goldenBytes(file), places, seed), file, layers[seed]!),
    )
  })

  const models = process.env.MOBILENETV2_MODELS
  describe.skipIf(models === undefined)('published models (left out where MOBILENETV2_MODELS is not set)', () => {
    test.each(ofName(true))(
      '%s',
      (file) => expectLiteRts(new Uint8Array(readFileSync(join(models!, file))), file, files[file]!),
      60_000,
    )
  })
})

describe('files whose integers cannot be run as stored', () => {
  test.each([
    ['int16.tflite', 'is of int16'],
    ['dynamic-range.tflite', 'is of float32'],
  ])('%s', async (file, why) => {
    const { integers, reasons } = await readNetwork(goldenBytes(file))
    expect(integers).toBeNull()
    expect(reasons.filter((reason) => reason.includes('integers'))).toEqual([
      expect.stringMatching(new RegExp(`^its integers cannot be run as stored: the activation .* ${why}$`)),
    ])
  })

  test.each(['float.tflite', 'float16.tflite'])('%s: no reason speaks of integers that cannot be run', async (file) => {
    const { integers, reasons } = await readNetwork(goldenBytes(file))
    expect(integers).toBeNull()
    expect(reasons.join()).not.toContain('cannot be run')
  })
})
