/**
 * Sorts names as a person would: numbers in them by value, all else by characters. So `conv2` comes before `conv10`, and `conv/kernel`
 * before `conv_1/kernel`, which is how programs number their layers.
 */
export function sortNaturally<Item>(items: readonly Item[], nameOf: (item: Item) => string): Item[] {
  // Every second part is a number.
  const split = items.map((item) => ({ item, parts: nameOf(item).split(/(\d+)/) }))
  return split.sort((left, right) => compareParts(left.parts, right.parts)).map(({ item }) => item)
}

function compareParts(left: readonly string[], right: readonly string[]): number {
  for (const [index, part] of left.entries()) {
    const other = right[index]
    if (other === undefined) return 1
    if (part === other) continue
    if (index % 2 === 1 && Number(part) !== Number(other)) return Number(part) < Number(other) ? -1 : 1
    // One text may be the beginning of another, with a digit after it: `conv1` comes after `conv.weight`.
    return `${part}${left[index + 1] ?? ''}` < `${other}${right[index + 1] ?? ''}` ? -1 : 1
  }
  return left.length - right.length
}
