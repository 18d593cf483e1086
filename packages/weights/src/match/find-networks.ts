import type { StoredTensor } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { extentOf, type Layout } from '../layout.js'
import { preferAverages } from '../namings/averages.js'
import type { LayerTensorNames, Naming, Position } from '../namings/naming.js'
import { flattenStages, largestBlock } from '../namings/stages.js'
import { biasParts, splitName } from './modules.js'

/** A network up to its last map, as the names of its tensors show it. */
export interface NamedBody {
  readonly naming: Naming
  /** The text before the naming's names in the file: `module.`; empty if there is none. */
  readonly prefix: string
  /** Whether each block, from the first, has an expansion. */
  readonly expands: readonly boolean[]
  /** Whether a convolution follows the blocks. */
  readonly hasHead: boolean
  /** The number of blocks in each stage; null if the names do not show it. */
  readonly repetitions: readonly number[] | null
  /** The names of a layer's tensors in the file. */
  readonly tensorsOf: (position: Position) => LayerTensorNames
}

/** An attempt to find a network with one naming: how many of its tensors were found, and which are missing. */
export interface Attempt {
  readonly body: NamedBody
  readonly found: number
  readonly missing: readonly string[]
}

/** All names of a layer's tensors. */
export function tensorNames({ kernel, bias, batchNorm }: Omit<LayerTensorNames, 'layout'>): string[] {
  const { gamma, beta, mean, variance } = batchNorm ?? { gamma: null, beta: null, mean: null, variance: null }
  return [kernel, bias, gamma, beta, mean, variance].filter((name) => name !== null)
}

/** The names that the bias of a layer would have, from the name of its kernel. */
function biasNames(kernel: string): string[] {
  const [, part] = splitName(kernel)
  const [, suffix = ''] = /(:\d+)$/.exec(part) ?? []
  return biasParts.map((bias) => `${kernel.slice(0, kernel.length - part.length)}${bias}${suffix}`)
}

/** The layers of a network up to its last map, in order. */
export function positions({ expands, hasHead }: Pick<NamedBody, 'expands' | 'hasHead'>): Position[] {
  const blocks = expands.length
  const outside = (part: Position['part']): Position => ({ part, block: 0, expands: true, blocks })
  const inside = expands.flatMap((expanding, index) => {
    const parts = expanding ? (['expand', 'depthwise', 'project'] as const) : (['depthwise', 'project'] as const)
    return parts.map((part): Position => ({ part, block: index + 1, expands: expanding, blocks }))
  })
  return [outside('stem'), ...inside, ...(hasHead ? [outside('head')] : [])]
}

/**
 * An upper bound on the number of blocks, from the highest number in a name. It adds 2, because some namings count from 0 and
 * Hugging Face's starts after the first block.
 */
function blockBound(names: Iterable<string>): number {
  let highest = 0
  for (const name of names) for (const [digits] of name.matchAll(/\d+/g)) highest = Math.max(highest, Number(digits))
  return Math.min(largestBlock, highest + 2)
}

/** Whether each block has an expansion, from the first block to the last one whose tensors are named. */
function findBlocks(naming: Naming, names: ReadonlyMap<string, string>): boolean[] {
  const found: boolean[] = []
  const bound = blockBound(names.keys())
  for (let block = 1; block <= bound; block++) {
    const count = (expands: boolean): number => {
      const parts = expands ? (['expand', 'depthwise', 'project'] as const) : (['depthwise', 'project'] as const)
      return parts
        .flatMap((part) => tensorNames(naming.tensors({ part, block, expands, blocks: 0 })))
        .filter((name) => names.has(name)).length
    }
    const expanding = count(true)
    const plain = count(false)
    if (expanding + plain === 0) continue
    while (found.length < block - 1) found.push(true)
    found.push(expanding > plain)
  }
  return found
}

/** How the names of a naming are written in a file. */
interface Form {
  /** The naming's name of the first kernel, as it is in the file. */
  readonly stem: string
  /** The naming's name for a name in the file. */
  readonly toOwn: (name: string) => string
  /** The name in the file for a name of the naming. */
  readonly toFile: (name: string) => string
}

const stemPosition: Position = { part: 'stem', block: 0, expands: true, blocks: 0 }

/** The forms of a naming: unchanged; in a Sequential of its modules; inside its only module. */
function formsOf({ tensors, modules = [] }: Naming): Form[] {
  const { kernel } = tensors(stemPosition)
  const [first] = modules
  const plain: Form = { stem: kernel, toOwn: (name) => name, toFile: (name) => name }
  if (first === undefined) return [plain]
  const rest = kernel.slice(first.length + 1)
  const numbered: Form = {
    stem: `0.${rest}`,
    toOwn: (name) => name.replace(/^\d+(?=\.)/, (digits) => modules[Number(digits)] ?? digits),
    toFile: (name) => name.replace(/^\w+(?=\.)/, (module) => String(modules.indexOf(module))),
  }
  const inside: Form = { stem: rest, toOwn: (name) => `${first}.${name}`, toFile: (name) => name.slice(first.length + 1) }
  return modules.length === 1 ? [plain, numbered, inside] : [plain, numbered]
}

/** Most channels of a first kernel that is searched for. Whether a network may have them is decided later. */
export const mostChannels = 16

/** Whether a tensor could be the kernel of the first convolution. */
function isStem(tensor: StoredTensor | undefined, layout: Layout): boolean {
  if (tensor === undefined) return false
  const [height, width, input] = ['H', 'W', 'I'].map((letter) => extentOf(tensor, layout, letter))
  return height === 3 && width === 3 && input !== null && input !== undefined && input <= mostChannels
}

/** Names sorted by their characters, so that those with one prefix follow each other, each with the name in the file. */
type SortedNames = readonly (readonly [name: string, original: string])[]

/** The names that have a prefix. */
function* withPrefix(names: SortedNames, prefix: string): Generator<SortedNames[number]> {
  let [low, high] = [0, names.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (names[middle]![0] < prefix) low = middle + 1
    else high = middle
  }
  for (let at = low; at < names.length && names[at]![0].startsWith(prefix); at++) yield names[at]!
}

/** Searches a whole network whose names have a prefix. */
function attempt(naming: Naming, prefix: string, { toOwn }: Form, names: SortedNames): Attempt {
  const bare = new Map<string, string>()
  for (const [name, original] of withPrefix(names, prefix)) bare.set(toOwn(name.slice(prefix.length)), original)
  const { originals, repetitions } = flattenStages(bare, naming.stages)
  const expands = findBlocks(naming, originals)
  const wanted = (parts: Position[]): string[] => parts.flatMap((position) => tensorNames(naming.tensors(position)))
  const body = wanted(positions({ expands, hasHead: false }))
  const head = naming.tensors({ part: 'head', block: 0, expands: true, blocks: expands.length })
  const headNames = tensorNames(head)
  // A network that ends after its blocks has no tensors of a last convolution. MobileNetV1 has none in any naming.
  const hasHead = expands.some((expanding) => expanding) && headNames.some((name) => originals.has(name))
  const all = hasHead ? [...body, ...headNames] : body
  const missing = all.filter((name) => !originals.has(name))
  const inFile = (name: string): string => originals.get(name) ?? name
  const optional = (name: string | null): string | null => (name === null ? null : inFile(name))
  const tensorsOf = (position: Position): LayerTensorNames => {
    const { kernel, bias, batchNorm } = naming.tensors(position)
    return {
      kernel: inFile(kernel),
      layout: naming.layouts[layoutOf(position)],
      // A user's own network may have biases that the naming does not have.
      bias:
        optional(bias) ??
        biasNames(kernel)
          .map((name) => originals.get(name))
          .find((name) => name !== undefined) ??
        null,
      batchNorm: batchNorm && {
        gamma: optional(batchNorm.gamma),
        beta: optional(batchNorm.beta),
        mean: optional(batchNorm.mean),
        variance: optional(batchNorm.variance),
        epsilon: batchNorm.epsilon,
      },
    }
  }
  return { body: { naming, prefix, expands, hasHead, repetitions, tensorsOf }, found: all.length - missing.length, missing }
}

function layoutOf({ part }: Position): keyof Naming['layouts'] {
  switch (part) {
    case 'stem':
      return 'convolution'
    case 'depthwise':
      return 'depthwise'
    case 'expand':
    case 'project':
    case 'head':
      return 'pointwise'
    default:
      throw new Error(`unknown part ${part satisfies never}`)
  }
}

/** Most attempts for one file. A network needs about ten, since several namings begin alike, and a file has a few networks at most. */
const mostAttempts = 2000

/** Whether one attempt found more tensors than another. */
function isNearer(one: Attempt, other: Attempt | null): boolean {
  return other === null || one.found > other.found || (one.found === other.found && one.missing.length < other.missing.length)
}

/**
 * The networks among the tensors of a file, under any prefix, as the names show them. There is an attempt for each tensor that could be a
 * first kernel and each naming with such a name. Complete networks come first. Of the incomplete ones only the one of which most tensors
 * were found is given, as the last.
 * @throws CheckpointError if more tensors than in any real file could be first kernels
 */
export function findNetworks(tensors: ReadonlyMap<string, StoredTensor>, namings: readonly Naming[]): Attempt[] {
  const names = preferAverages([...tensors.keys()])
  const sorted: SortedNames = [...names].sort(([left], [right]) => (left < right ? -1 : 1))
  const whole: Attempt[] = []
  let nearest: Attempt | null = null
  let attempts = 0
  for (const naming of namings) {
    const firstDepthwise = naming.tensors({ part: 'depthwise', block: 1, expands: false, blocks: 0 }).kernel
    for (const form of formsOf(naming)) {
      for (const [name, original] of names) {
        const prefix = name.slice(0, -form.stem.length)
        if (!name.endsWith(form.stem) || (prefix !== '' && !/[./]$/.test(prefix))) continue
        if (!isStem(tensors.get(original), naming.layouts.convolution)) continue
        // A depthwise kernel looks like a first kernel of one channel. Names with stages have other numbers in the file.
        if (naming.stages === undefined && !names.has(prefix + form.toFile(firstDepthwise))) continue
        attempts += 1
        if (attempts > mostAttempts) {
          throw new CheckpointError('The file has more tensors that could begin a network than any checkpoint has.', {
            expected: `at most ${mostAttempts} ways to read its names`,
            got: `another at ${name}`,
            remedy: 'Save the network alone.',
          })
        }
        const found = attempt(naming, prefix, form, sorted)
        if (found.body.expands.length < 2) continue
        if (found.missing.length === 0) whole.push(found)
        else if (isNearer(found, nearest)) nearest = found
      }
    }
  }
  whole.sort((left, right) => right.found - left.found)
  return nearest === null ? whole : [...whole, nearest]
}
