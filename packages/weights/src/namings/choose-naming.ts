import type { Checkpoint } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import type { Layout } from '../layout.js'
import { preferAverages } from './averages.js'
import type { LayerTensorNames, Naming, Position } from './naming.js'
import { dropPrefixes } from './prefixes.js'
import { type BareNames, flattenStages, largestBlock } from './stages.js'

/** A naming that fits a file, and the file's network as its names tell it. */
export interface NamedNetwork {
  readonly naming: Naming
  /** What the names are preceded by in the file. */
  readonly prefixes: readonly string[]
  /** Whether each block, from the first, has an expansion. */
  readonly expands: readonly boolean[]
  /** Whether the file has all but the classifier. */
  readonly headless: boolean
  /** How many blocks each stage has, where the names tell. */
  readonly repetitions: readonly number[] | null
  /** The tensors of a layer, by their names in the file. */
  readonly tensorsOf: (position: Position) => LayerTensorNames
}

/** All names of a layer's tensors. */
function namesOf({ kernel, bias, batchNorm }: Omit<LayerTensorNames, 'layout'>): string[] {
  const { gamma, beta, mean, variance } = batchNorm ?? { gamma: null, beta: null, mean: null, variance: null }
  return [kernel, bias, gamma, beta, mean, variance].filter((name) => name !== null)
}

/** The layers of a network with these blocks, in order; a headless one has no classifier. */
export function positions(expands: readonly boolean[], headless: boolean): Position[] {
  const blocks = expands.length
  const outside = (part: Position['part']): Position => ({ part, block: 0, expands: true, blocks })
  const inside = expands.flatMap((expanding, index) => {
    const parts = expanding ? (['expand', 'depthwise', 'project'] as const) : (['depthwise', 'project'] as const)
    return parts.map((part): Position => ({ part, block: index + 1, expands: expanding, blocks }))
  })
  return [outside('stem'), ...inside, outside('head'), ...(headless ? [] : [outside('classifier')])]
}

/**
 * An upper bound on the number of blocks, from the highest number in a name. It adds 2, because some namings count from 0 and
 * Hugging Face's starts after the first block.
 */
function blockBound(names: ReadonlySet<string>): number {
  let highest = 0
  for (const name of names) for (const [digits] of name.matchAll(/\d+/g)) highest = Math.max(highest, Number(digits))
  return Math.min(largestBlock, highest + 2)
}

/** Whether each block has an expansion, from the first block to the last one whose tensors are named. */
function findBlocks(naming: Naming, names: ReadonlySet<string>): boolean[] {
  const found: boolean[] = []
  const bound = blockBound(names)
  for (let block = 1; block <= bound; block++) {
    const count = (expands: boolean): number => {
      const parts = expands ? (['expand', 'depthwise', 'project'] as const) : (['depthwise', 'project'] as const)
      return parts.flatMap((part) => namesOf(naming.tensors({ part, block, expands, blocks: 0 }))).filter((name) => names.has(name))
        .length
    }
    const expanding = count(true)
    const plain = count(false)
    if (expanding + plain === 0) continue
    while (found.length < block - 1) found.push(true)
    found.push(expanding > plain)
  }
  return found
}

interface Evidence extends BareNames {
  readonly naming: Naming
  readonly expands: readonly boolean[]
  readonly headless: boolean
  readonly claimed: number
  readonly missing: readonly string[]
  readonly unexpected: readonly string[]
}

function weigh(naming: Naming, bare: ReadonlyMap<string, string>): Evidence {
  const flat = flattenStages(bare, naming.stages)
  const names = new Set(flat.originals.keys())
  const expands = findBlocks(naming, names)
  const namesIn = (headless: boolean): string[] =>
    positions(expands, headless).flatMap((position) => namesOf(naming.tensors(position)))
  const [body, all] = [namesIn(true), namesIn(false)]
  const headless = all.slice(body.length).every((name) => !names.has(name)) && body.some((name) => names.has(name))
  const expected = new Set(headless ? body : all)
  const missing = [...expected].filter((name) => !names.has(name))
  const unexpected = [...names].filter((name) => !expected.has(name) && !naming.ignored.test(name))
  return { ...flat, naming, expands, headless, claimed: expected.size - missing.length, missing, unexpected }
}

function some(names: readonly string[]): string {
  return names.length === 0 ? 'none' : `${names[0]}${names.length > 1 ? ` and ${names.length - 1} more` : ''}`
}

/**
 * Finds the one of the namings under which a file's names are a whole MobileNetV2: every tensor expected is there, and none beside them.
 * @throws CheckpointError if there is none, or more than one; it gives the nearest, and the first tensors that are missing and
 * not expected
 */
export function chooseNaming(checkpoint: Checkpoint, namings: readonly Naming[]): NamedNetwork {
  const preferred = preferAverages([...checkpoint.tensors.keys()])
  const { originals, prefixes } = dropPrefixes([...preferred.keys()])
  const bare = new Map([...originals].map(([name, original]) => [name, preferred.get(original) ?? original]))
  const evidence = namings.map((naming) => weigh(naming, bare)).sort((left, right) => right.claimed - left.claimed)
  const fitting = evidence.filter(({ missing, unexpected }) => missing.length === 0 && unexpected.length === 0)
  // Without a classifier, the namings of Keras that differ in its name are one.
  const complete = fitting.filter(({ naming }, index) => fitting.findIndex((other) => other.naming.name === naming.name) === index)
  const [best] = complete
  if (best === undefined || complete.length > 1) {
    const nearest = evidence[0]!
    throw new CheckpointError(
      complete.length > 1
        ? `The names of the tensors fit ${complete.map(({ naming }) => naming.name).join(' and ')} alike.`
        : 'The names of the tensors are not those of a whole MobileNetV2 in any naming that is known.',
      {
        expected: `${nearest.naming.name} (the nearest of ${[...new Set(namings.map(({ name }) => name))].join(', ')}), all ${nearest.claimed + nearest.missing.length} tensors`,
        got: `${nearest.claimed} of them; missing: ${some(nearest.missing)}; unexpected: ${some(nearest.unexpected)}`,
        remedy: 'Save the state dict of the model alone.',
      },
    )
  }
  const original = (name: string): string => best.originals.get(name) ?? name
  const inFile = ({ kernel, bias, batchNorm }: Omit<LayerTensorNames, 'layout'>, layout: Layout): LayerTensorNames => ({
    kernel: original(kernel),
    layout,
    bias: bias === null ? null : original(bias),
    batchNorm: batchNorm && {
      gamma: batchNorm.gamma && original(batchNorm.gamma),
      beta: batchNorm.beta && original(batchNorm.beta),
      mean: batchNorm.mean && original(batchNorm.mean),
      variance: batchNorm.variance && original(batchNorm.variance),
      epsilon: batchNorm.epsilon,
    },
  })
  const { tensors, layouts } = best.naming
  return {
    naming: best.naming,
    prefixes,
    expands: best.expands,
    headless: best.headless,
    repetitions: best.repetitions,
    tensorsOf: (position) => inFile(tensors(position), layouts[layoutOf(position)]),
  }
}

function layoutOf({ part }: Position): keyof Naming['layouts'] {
  switch (part) {
    case 'stem':
      return 'convolution'
    case 'depthwise':
      return 'depthwise'
    case 'classifier':
      return 'dense'
    case 'expand':
    case 'project':
    case 'head':
      return 'pointwise'
    default:
      throw new Error(`unknown part ${part satisfies never}`)
  }
}
