import type { FuzzFile, FuzzSource } from './fuzz.js'
import { pick, type Random } from './random.js'

/** A file to damage. */
export interface FuzzSeed extends FuzzFile, Pick<FuzzSource, 'name' | 'whole' | 'share'> {
  /**
   * The ranges of bytes that are not weights; the whole file unless given. Most of a large file is weights, and it hardly matters which
   * byte of those is damaged.
   */
  readonly structure?: readonly (readonly [start: number, end: number])[]
}

/** Lengths and offsets that break readers. */
const integers = [0, 1, 2, 0x7f, 0x80, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff8, 0xffffffff]

function offsetIn(structure: NonNullable<FuzzSeed['structure']>, random: Random): number {
  let rest = random(structure.reduce((sum, [start, end]) => sum + end - start, 0))
  for (const [start, end] of structure) {
    if (rest < end - start) return start + rest
    rest -= end - start
  }
  return 0
}

/** Makes one change to a file, in place. Returns the file, or a shorter view of it. */
function damageOnce(bytes: Uint8Array, structure: NonNullable<FuzzSeed['structure']>, random: Random): Uint8Array {
  const at = offsetIn(structure, random)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const room = bytes.length - at
  switch (random(8)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      if (room >= 1) bytes[at] = bytes[at]! ^ (1 << random(8))
      return bytes
    case 2:
      if (room >= 4) view.setUint32(at, pick(integers, random), true)
      return bytes
    case 3:
      if (room >= 8) view.setBigUint64(at, BigInt(pick(integers, random)) << BigInt(random(33)), true)
      return bytes
    case 4:
      if (room >= 4) view.setUint32(at, random(2 ** 20), true)
      return bytes
    case 5: {
      const from = offsetIn(structure, random)
      bytes.copyWithin(at, from, from + 1 + random(64))
      return bytes
    }
    case 6: {
      // Text stays well formed where only its digits change.
      const digit = bytes.findIndex((byte, index) => index >= at && byte >= 0x30 && byte <= 0x39)
      for (let place = digit; digit >= 0 && place < bytes.length && bytes[place]! >= 0x30 && bytes[place]! <= 0x39; place++)
        bytes[place] = 0x30 + random(10)
      return bytes
    }
    default:
      if (room >= 1) bytes[at] = random(256)
      return bytes
  }
}

/** The files that one to four changes of bytes make of a file. */
export function damagesOf(seed: FuzzSeed): FuzzSource {
  const { bytes, structure = [[0, bytes.length]] } = seed
  return {
    ...seed,
    original: seed,
    make(random) {
      let copy: Uint8Array = bytes.slice()
      for (let change = 1 + random(4); change > 0; change--) copy = damageOnce(copy, structure, random)
      return { file: { ...seed, bytes: copy } }
    },
  }
}
