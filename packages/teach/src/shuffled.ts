/** Mixes the bits of an integer, so that each bit of the result depends on all bits of the integer. */
function mixed(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d)
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b)
  return (bits ^ (bits >>> 16)) >>> 0
}

/** The items in an order that the seeds decide. Only the low 32 bits of a seed count. */
export function shuffled<Item>(items: readonly Item[], ...seeds: readonly number[]): Item[] {
  const start = seeds.reduce((state, seed) => mixed(state + 0x9e3779b9 + mixed(seed)), 0)
  return items
    .map((item, index) => ({ item, rank: mixed(start ^ mixed(index + 1)) }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ item }) => item)
}
