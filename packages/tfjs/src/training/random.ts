/** An odd constant near 2^32 / golden ratio: multiples of it, modulo 2^32, are far apart for consecutive integers. */
const step = 0x9e3779b1

/** Mixes the 32 bits of an integer (the finaliser of MurmurHash3). */
function finalise(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

/** A 32-bit hash of a sequence of integers. The low 32 bits of each integer count. */
export function hashed(values: Iterable<number>): number {
  let hash = 0
  for (const value of values) hash = finalise((hash ^ Math.imul(value, step)) + step)
  return hash
}

/** Gives a random number from 0 to below 1 for each index. It depends only on the seeds and the index, so that there is no state. */
export type Uniform = (index: number) => number

/** The stream of random numbers for these seeds. The low 32 bits of each seed count. */
export function uniform(...seeds: readonly number[]): Uniform {
  const key = hashed(seeds)
  return (index) => finalise((key + Math.imul(index, step)) | 0) / 2 ** 32
}

/** Normally distributed values with mean 0 (Box-Muller transform). */
export function normalValues(length: number, deviation: number, random: Uniform): Float32Array {
  return Float32Array.from({ length }, (_, index) => {
    const radius = Math.sqrt(-2 * Math.log(1 - random(2 * index)))
    return deviation * radius * Math.cos(2 * Math.PI * random(2 * index + 1))
  })
}

/** The integers from 0 to `length` - 1 in random order (Fisher-Yates shuffle). */
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
