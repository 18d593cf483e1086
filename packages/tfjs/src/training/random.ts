/** An odd constant near 2^32 / golden ratio: consecutive numbers land far apart. */
const step = 0x9e3779b1

/** Mixes the 32 bits of an integer (the finaliser of MurmurHash3). */
function finalise(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

/** A number of 32 bits that follows from integers (of each, the low 32 bits count) and their order. */
export function hashed(values: Iterable<number>): number {
  let hash = 0
  for (const value of values) hash = finalise((hash ^ Math.imul(value, step)) + step)
  return hash
}

/** Numbers from 0 to 1 (exclusive), one for each index; equal again for equal seeds, so that no state has to be kept. */
export type Uniform = (index: number) => number

/** A stream of random numbers of its own for these seeds (of each, the low 32 bits count). */
export function uniform(...seeds: readonly number[]): Uniform {
  const key = hashed(seeds)
  return (index) => finalise((key + Math.imul(index, step)) | 0) / 2 ** 32
}

/** Normally distributed values of mean 0 (Box and Muller's transform). */
export function normalValues(length: number, deviation: number, random: Uniform): Float32Array {
  return Float32Array.from({ length }, (_, index) => {
    const radius = Math.sqrt(-2 * Math.log(1 - random(2 * index)))
    return deviation * radius * Math.cos(2 * Math.PI * random(2 * index + 1))
  })
}

/** The integers from 0 to `length` - 1 in random order (Fisher and Yates' shuffle). */
export function permutation(length: number, random: Uniform): Uint32Array {
  const order = Uint32Array.from({ length }, (_, index) => index)
  for (let last = length - 1; last > 0; last--) {
    const other = Math.floor(random(last) * (last + 1))
    const value = order[last]!
    order[last] = order[other]!
    order[other] = value
  }
  return order
}
