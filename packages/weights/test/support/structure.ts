import { pick, type Random } from './random.js'

/** The content of a file before it is encoded. Bytes are weights, or other parts that no change looks into. */
export type Tree = null | boolean | number | string | Uint8Array | readonly Tree[] | { readonly [name: string]: Tree }

/** Numbers on which readers tend to fail. */
const numbers = [
  ...[-1, 0, 1, 2, 3, 4, 7, 8, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 2 ** 63],
  ...[-(2 ** 31), -(2 ** 63), 0.5, 1e-45, 1e39, 1e308, -1e308],
]

const texts = ['', '0', '-1', '__proto__', 'constructor', 'a\0b', '../x', '/', 'ä'.repeat(300), '9'.repeat(400), '\u001b[31m']

/** A value in a tree, and its place: the names on the way to it, in which each index is `*`. */
interface Spot {
  readonly holder: Tree[] | Record<string, Tree>
  readonly key: string
  readonly place: string
  readonly depth: number
}

function isList(tree: Tree): tree is readonly Tree[] {
  return Array.isArray(tree)
}

function isObject(tree: Tree): tree is { readonly [name: string]: Tree } {
  return tree !== null && typeof tree === 'object' && !isList(tree) && !ArrayBuffer.isView(tree)
}

/** A copy that shares bytes with the original. */
function copied(tree: Tree): Tree {
  if (isList(tree)) return tree.map(copied)
  if (!isObject(tree)) return tree
  return Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, copied(value)]))
}

function spotsOf(tree: Tree, place = '', depth = 0, spots: Spot[] = []): Spot[] {
  if (!isList(tree) && !isObject(tree)) return spots
  const holder = tree as Spot['holder']
  for (const key of Object.keys(holder)) {
    const inside = `${place}/${isList(tree) ? '*' : key}`
    spots.push({ holder, key, place: inside, depth })
    spotsOf(valueAt({ holder, key }), inside, depth + 1, spots)
  }
  return spots
}

function valueAt({ holder, key }: Pick<Spot, 'holder' | 'key'>): Tree {
  return Reflect.get(holder, key) as Tree
}

function setAt({ holder, key }: Spot, value: Tree): void {
  // A property `__proto__` of the holder's own, as a file may have one.
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true })
}

function removeAt({ holder, key }: Spot): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1)
  else Reflect.deleteProperty(holder, key)
}

function otherNumber(value: number, random: Random): number {
  switch (random(6)) {
    case 0:
      return value + 1
    case 1:
      return value - 1
    case 2:
      return value * 2
    case 3:
      return -value
    default:
      return pick(numbers, random)
  }
}

function changeList(list: Tree[], random: Random): void {
  const [one, other] = [random(list.length), random(list.length)]
  switch (random(5)) {
    case 0:
      list.splice(one, 1)
      break
    case 1:
      list.splice(other, 0, copied(list[one]!))
      break
    case 2:
      ;[list[one], list[other]] = [list[other]!, list[one]!]
      break
    case 3:
      list.push(copied(list[one]!))
      break
    default:
      list.length = one
  }
}

/** Another value of any kind. */
function anyValue(random: Random): Tree {
  return pick<Tree>([null, true, {}, [], pick(numbers, random), pick(texts, random)], random)
}

function changeOnce(root: Tree, random: Random): void {
  const spots = spotsOf(root)
  if (spots.length === 0) return
  let spot = pick(spots, random)
  // Most values lie deep in the tree. Half of the changes choose a depth first, so that they also reach the values above.
  if (random(2) === 0) {
    const depth = random(Math.max(...spots.map((candidate) => candidate.depth)) + 1)
    const level = spots.filter((candidate) => candidate.depth === depth)
    if (level.length > 0) spot = pick(level, random)
  }
  const value = valueAt(spot)
  const alike = (): Spot =>
    pick(
      spots.filter(({ place }) => place === spot.place),
      random,
    )
  switch (random(8)) {
    case 0:
      removeAt(spot)
      return
    case 1:
      setAt(spot, anyValue(random))
      return
    case 2: {
      const other = alike()
      setAt(spot, copied(valueAt(other)))
      setAt(other, value)
      return
    }
    case 3:
    case 4:
      // A copy of a value of the same kind from elsewhere: an edge then leads to another place.
      setAt(spot, copied(valueAt(alike())))
      return
    default:
  }
  if (typeof value === 'number') setAt(spot, otherNumber(value, random))
  else if (typeof value === 'string') setAt(spot, random(3) === 0 ? pick(texts, random) : copied(valueAt(pick(spots, random))))
  else if (typeof value === 'boolean') setAt(spot, !value)
  else if (isList(value) && value.length > 0) changeList(value as Tree[], random)
  else if (ArrayBuffer.isView(value))
    setAt(spot, (value as Uint8Array).subarray(random(2), Math.max(1, random((value as Uint8Array).length))))
  else setAt(spot, anyValue(random))
}

/** A copy of a tree with one or two changes: wrong numbers, wrong edges, parts removed, repeated, swapped or of another kind. */
export function changed<Root extends Tree>(tree: Root, random: Random): Tree {
  const copy = copied(tree)
  for (let change = 1 + random(2); change > 0; change--) changeOnce(copy, random)
  return copy
}
