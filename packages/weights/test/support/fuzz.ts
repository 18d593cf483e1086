// Before all others, whose arrays it counts.
import './allocations.js'

import { expect } from 'vitest'
import { CheckpointError, readNetwork } from '../../src/index.js'
import { allocationsOf } from './allocations.js'

/** Inputs a reader. The full count takes minutes, and CI asks for it; this many take seconds. */
export const fuzzRuns: number = Number(process.env.MOBILENETV2_FUZZ_RUNS ?? 300)

/** What a reader may take beyond the size of its input, in bytes. */
const mostBeyond = 64 * 2 ** 20

/** A file to damage. */
export interface FuzzSeed {
  readonly name: string
  readonly bytes: Uint8Array
  /** Whether the whole file is a network. */
  readonly whole: boolean
  /** Of how many inputs of its reader it is the seed, as a fraction: a large one costs more. */
  readonly share: number
  /** Where the structure is, as most of a large file is weights, in which every byte is as good as another; all of it unless given. */
  readonly structure?: readonly (readonly [start: number, end: number])[]
  /** The files beside it. */
  readonly siblings?: ReadonlyMap<string, Uint8Array>
  /** Its name, by which the files beside it are found; none unless given. */
  readonly file?: string
}

type Random = (below: number) => number

/** Numbers that depend on the seed alone (mulberry32), so that a failure is met again by its number. */
function randomOf(seed: number): Random {
  let state = seed | 0
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * below)
  }
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

/** One change to a file, in place; what it gives back is the file, which may be shorter. */
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
      if (room >= 4) view.setUint32(at, integers[random(integers.length)]!, true)
      return bytes
    case 3:
      if (room >= 8) view.setBigUint64(at, BigInt(integers[random(integers.length)]!) << BigInt(random(33)), true)
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

function damaged({ bytes, structure = [[0, bytes.length]] }: FuzzSeed, random: Random): Uint8Array {
  let copy: Uint8Array = bytes.slice()
  for (let change = 1 + random(4); change > 0; change--) copy = damageOnce(copy, structure, random)
  return copy
}

/** Whether a file is read to a network, rather than refused. Any other error than a CheckpointError is thrown. */
async function readAll(bytes: Uint8Array, { siblings, file }: Pick<FuzzSeed, 'siblings' | 'file'>): Promise<boolean> {
  try {
    await readNetwork(bytes, { file, readSibling: async (name) => siblings?.get(name) ?? new Uint8Array() })
    return true
  } catch (error) {
    if (error instanceof CheckpointError) return false
    throw error
  }
}

/**
 * Damages the seeds of a reader, and expects each input to be read or refused, within 64 MiB beyond its size.
 * @param first the number of the first input, from which an input that failed is met again
 */
export async function fuzz(seeds: readonly FuzzSeed[], runs: number, first = 0): Promise<void> {
  for (const seed of seeds) {
    expect({ name: seed.name, whole: await readAll(seed.bytes, seed) }).toEqual({ name: seed.name, whole: seed.whole })
    for (let run = first; run < first + Math.ceil(runs * seed.share); run++) {
      const input = damaged(seed, randomOf(run))
      const { allocations } = await allocationsOf(() => readAll(input, seed)).catch((cause: unknown) => {
        throw new Error(`Input ${run} of ${seed.name} ends in another error.`, { cause })
      })
      const siblings = [...(seed.siblings?.values() ?? [])].reduce((sum, { length }) => sum + length, 0)
      const most = input.length + siblings + mostBeyond
      if (allocations.arrays > most || allocations.heap > most) {
        throw new Error(`Input ${run} of ${seed.name} takes ${JSON.stringify(allocations)} for ${input.length} bytes.`)
      }
    }
  }
}
