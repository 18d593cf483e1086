import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CheckpointError, inferOptions, readCheckpoint, toParameters } from '../src/index.js'
import { toTfjs } from '../src/out/tfjs.js'
import { goldenBytes } from './goldens.js'

/** Runs a reader; MOBILENETV2_FUZZ_RUNS gives more for a longer search. */
const runs = Number(process.env.MOBILENETV2_FUZZ_RUNS ?? 300)

/** One change to a file; places are fractions of its length. */
type Damage =
  | { readonly kind: 'byte'; readonly at: number; readonly value: number }
  | { readonly kind: 'integer'; readonly at: number; readonly value: number }
  | { readonly kind: 'copy'; readonly at: number; readonly from: number; readonly length: number }
  | { readonly kind: 'cut'; readonly at: number }

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant('byte' as const), at: place, value: fc.nat(255) }),
  fc.record({
    kind: fc.constant('integer' as const),
    at: place,
    value: fc.oneof(fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff), fc.nat(1 << 20)),
  }),
  fc.record({ kind: fc.constant('copy' as const), at: place, from: place, length: fc.integer({ min: 1, max: 64 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: place }),
)

/** Damages lie where the structure is: most of a file is weights, in which every byte is as good as another. */
function apply(
  bytes: Uint8Array,
  structure: readonly (readonly [start: number, end: number])[],
  damages: readonly Damage[],
): Uint8Array {
  const lengths = structure.map(([start, end]) => end - start)
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const offset = (fraction: number): number => {
    let rest = Math.floor(fraction * total)
    for (const [index, length] of lengths.entries()) {
      if (rest < length) return structure[index]![0] + rest
      rest -= length
    }
    return 0
  }
  let copy = bytes.slice()
  for (const change of damages) {
    const at = offset(change.at)
    if (change.kind === 'cut') copy = copy.slice(0, at)
    else if (at + 4 > copy.length) continue
    else if (change.kind === 'byte') copy[at] = change.value
    else if (change.kind === 'integer') new DataView(copy.buffer).setUint32(at, change.value, true)
    else copy.copyWithin(at, offset(change.from), offset(change.from) + change.length)
  }
  return copy
}

/** Reads a file as far as it goes; whether it went all the way to parameters. Any other end than a CheckpointError is thrown. */
async function readAll(bytes: Uint8Array, readSibling: (name: string) => Promise<Uint8Array>): Promise<boolean> {
  try {
    const checkpoint = await readCheckpoint(bytes, { readSibling })
    toParameters(checkpoint, defineMobileNetV2(inferOptions(checkpoint).options))
    return true
  } catch (error) {
    if (error instanceof CheckpointError) return false
    throw error
  }
}

const small = defineMobileNetV2({ widthMultiplier: 0.1, headChannels: 16, classes: 3, height: 32, width: 32, padding: 'same' })
const tfjs = toTfjs(small, seededParameters(small))
const shards = new Map(tfjs.shards.map(({ name, bytes }) => [name, bytes]))
const tensors = goldenBytes('tensors.pth')
const note = goldenBytes('note.pth')
const floats = goldenBytes('float.tflite')
const integers = goldenBytes('int8.tflite')
const model = new TextEncoder().encode(JSON.stringify(tfjs.modelJson))

test.each([
  { name: 'a small .pth', whole: false, bytes: tensors, structure: [[0, tensors.length]] },
  {
    whole: true,
    name: 'a whole .pth',
    bytes: note,
    structure: [
      [0, 60_000],
      [note.length - 30_000, note.length],
    ],
  },
  {
    whole: true,
    name: 'a float .tflite',
    bytes: floats,
    structure: [
      [0, 4_000],
      [floats.length - 40_000, floats.length],
    ],
  },
  {
    whole: true,
    name: 'an int8 .tflite',
    bytes: integers,
    structure: [
      [0, 4_000],
      [integers.length - 80_000, integers.length],
    ],
  },
  { whole: true, name: 'a model.json', bytes: model, structure: [[0, model.length]] },
] as const)(
  `$name, damaged ${runs} times, is read or refused`,
  async ({ bytes, structure, whole }) => {
    const readSibling = async (name: string): Promise<Uint8Array> => shards.get(name) ?? new Uint8Array()
    expect(await readAll(bytes, readSibling)).toBe(whole)
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), async (damages) => {
        await readAll(apply(bytes, structure, damages), readSibling)
      }),
      { numRuns: runs },
    )
  },
  600_000,
)
