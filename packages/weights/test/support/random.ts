/** A whole number from 0 to below `below`. */
export type Random = (below: number) => number

/** Numbers that depend on the seed alone (mulberry32), so that a failure is met again by its number. */
export function randomOf(seed: number): Random {
  let state = seed | 0
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** One of several values. */
export function pick<Value>(values: readonly Value[], random: Random): Value {
  return values[random(values.length)]!
}
