import { pick, type Random } from './random.js'

/** The content of a file before it is encoded. Bytes are weights, or other parts that no change looks into. */
export type Tree = null | boolean | number | string | Uint8Array | readonly Tree[] | { readonly [name: string]: Tree }

/** Numbers on which readers tend to fail. */
const numbers = [
  ...[-1, 0, 1, 2, 3, 4, 7, 8, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 2 ** 63],
  ...[-(2 ** 31), -(2 ** 63), 0.5, 1e-45, 1e39, 1e308, -1e308],
]

const texts = ['', '0', '-1', '__proto__', 'constructor', 'a\0b', '../x', '/', 'ä'.repeat(300), '9'.repeat(400), '\u001b[31m']

/** A value in a tree. Its place is the names on the way to it, with `*` for each index. */
interface Spot {
  /** The value that has this one as a member; null if that is the root. */
  readonly holder: Spot | null
  readonly key: string
  readonly value: Tree
  readonly place: string
  /** How many values lie around it, without the root. */
  readonly depth: number
}

type Branch = readonly Tree[] | { readonly [name: string]: Tree }

function isList(tree: Tree): tree is readonly Tree[] {
  return Array.isArray(tree)
}

function isBranch(tree: Tree): tree is Branch {
  return tree !== null && typeof tree === 'object' && !ArrayBuffer.isView(tree)
}

/** All values in a tree. */
function spotsOf(tree: Tree, holder: Spot | null = null, spots: Spot[] = []): Spot[] {
  if (!isBranch(tree)) return spots
  const [inside, depth] = holder === null ? ['', 0] : [holder.place, holder.depth + 1]
  for (const key of Object.keys(tree)) {
    const spot = { holder, key, value: Reflect.get(tree, key) as Tree, place: `${inside}/${isList(tree) ? '*' : key}`, depth }
    spots.push(spot)
    spotsOf(spot.value, spot, spots)
  }
  return spots
}

/** A computed name makes `__proto__` a property of the object's own, as a file may have one. */
function withMember(branch: Branch, key: string, value: Tree): Tree {
  return isList(branch) ? branch.with(Number(key), value) : { ...branch, [key]: value }
}

function without(branch: Branch, removed: string): Tree {
  if (isList(branch)) return branch.toSpliced(Number(removed), 1)
  return Object.fromEntries(Object.entries(branch).filter(([key]) => key !== removed))
}

/** A copy of a tree in which the value at a spot is another, or is removed if `value` is undefined. The copy shares all other values. */
function withValue(root: Tree, { holder, key }: Spot, value: Tree | undefined): Tree {
  const branch = holder === null ? root : valueAt(root, holder)
  // Nothing is at the spot if an earlier change put another value in the place of its holder.
  if (!isBranch(branch) || !Object.hasOwn(branch, key)) return root
  const changedBranch = value === undefined ? without(branch, key) : withMember(branch, key, value)
  return holder === null ? changedBranch : withValue(root, holder, changedBranch)
}

function valueAt(root: Tree, { holder, key }: Spot): Tree {
  const branch = holder === null ? root : valueAt(root, holder)
  return isBranch(branch) && Object.hasOwn(branch, key) ? (Reflect.get(branch, key) as Tree) : null
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

function otherList(list: readonly Tree[], random: Random): Tree {
  const [one, other] = [random(list.length), random(list.length)]
  switch (random(5)) {
    case 0:
      return list.toSpliced(one, 1)
    case 1:
      return list.toSpliced(other, 0, list[one]!)
    case 2:
      return list.with(one, list[other]!).with(other, list[one]!)
    case 3:
      return [...list, list[one]!]
    default:
      return list.slice(0, one)
  }
}

/** Another value of any kind. */
function anyValue(random: Random): Tree {
  return pick<Tree>([null, true, {}, [], pick(numbers, random), pick(texts, random)], random)
}

function changedOnce(tree: Tree, spots: readonly Spot[], random: Random): Tree {
  if (spots.length === 0) return tree
  let spot = pick(spots, random)
  // Most values lie deep in the tree. Half of the changes choose a depth first, so that they also reach the values above.
  if (random(2) === 0) {
    const depth = random(spots.reduce((most, candidate) => Math.max(most, candidate.depth), 0) + 1)
    const level = spots.filter((candidate) => candidate.depth === depth)
    if (level.length > 0) spot = pick(level, random)
  }
  const { value } = spot
  const alike = (): Spot =>
    pick(
      spots.filter(({ place }) => place === spot.place),
      random,
    )
  switch (random(8)) {
    case 0:
      return withValue(tree, spot, undefined)
    case 1:
      return withValue(tree, spot, anyValue(random))
    case 2: {
      const other = alike()
      return withValue(withValue(tree, spot, other.value), other, value)
    }
    case 3:
    case 4:
      // A copy of a value of the same kind from elsewhere: an edge then leads to another place.
      return withValue(tree, spot, alike().value)
    default:
      return withValue(tree, spot, otherValue(value, spots, random))
  }
}

/** Another value of mostly the same kind. */
function otherValue(value: Tree, spots: readonly Spot[], random: Random): Tree {
  if (typeof value === 'number') return otherNumber(value, random)
  if (typeof value === 'string') return random(3) === 0 ? pick(texts, random) : pick(spots, random).value
  if (typeof value === 'boolean') return !value
  if (isBranch(value)) return isList(value) && value.length > 0 ? otherList(value, random) : anyValue(random)
  if (value !== null) return value.subarray(random(2), Math.max(1, random(value.length)))
  return anyValue(random)
}

const knownSpots = new WeakMap<Branch, readonly Spot[]>()

/**
 * A copy of a tree with one or two changes: wrong numbers, wrong edges, parts removed, repeated, swapped or of another kind. The copy shares
 * all other values with the tree, so that an encoder may remember the bytes of each.
 */
export function changed(tree: Tree, random: Random): Tree {
  if (!isBranch(tree)) return tree
  const changesTwice = random(2) === 1
  // Thousands of inputs are changes of one tree.
  const spots = knownSpots.get(tree) ?? spotsOf(tree)
  knownSpots.set(tree, spots)
  const once = changedOnce(tree, spots, random)
  return changesTwice ? changedOnce(once, spotsOf(once), random) : once
}
