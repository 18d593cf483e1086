import type { Checkpoint, StoredTensor } from '../checkpoint.js'
import type { BatchNormNames } from '../graph/graph.js'
import { extentOf, type Layouts, pytorchLayouts, tensorflowLayouts } from '../layout.js'
import type { LayerTensorNames, Naming, Position } from '../namings/naming.js'
import { sortNaturally } from '../natural-order.js'
import { mostChannels, type NamedBody } from './find-networks.js'
import { isUnitWindow, type KnownModule, knownModule, prefixOf, splitName } from './modules.js'

/** A kernel, and the vectors between it and the next kernel. */
interface Unit {
  readonly kernel: StoredTensor
  readonly vectors: readonly StoredTensor[]
}

/** A network up to its last map that was found by the order of the kernels, and the tensors after it. */
export interface OrderedBody extends NamedBody {
  readonly rest: readonly KnownModule[]
}

/**
 * The key by which a tensor is sorted. It is the tensor's name, changed so that a module's kernel comes before its other tensors, as
 * frameworks make them: by name, `fc.bias` would come before `fc.weight`. Names without a module, such as `arr_3`, are their own keys.
 */
function sortKey({ name, shape }: StoredTensor): string {
  const prefix = prefixOf(name)
  return prefix === '' || shape.length < 2 ? name : `${prefix}\0${name.slice(prefix.length)}`
}

/** The units of a list of tensors in its order. Scalars, such as PyTorch's counts of batches, are left out. */
function unitsOf(tensors: readonly StoredTensor[]): Unit[] {
  const units: { kernel: StoredTensor; vectors: StoredTensor[] }[] = []
  for (const tensor of tensors) {
    const { length } = tensor.shape
    if (length === 4 || length === 2) units.push({ kernel: tensor, vectors: [] })
    else if (length === 1) units.at(-1)?.vectors.push(tensor)
  }
  return units
}

/** A BatchNorm of four vectors: by their names if these are known, else in the order of both frameworks. */
function batchNormOf(vectors: readonly StoredTensor[]): BatchNormNames {
  const module = knownModule({ path: '', tensors: new Map(vectors.map((vector) => [splitName(vector.name)[1], vector])) })
  if (module.kind === 'batchNorm' && module.names.gamma !== null && module.names.beta !== null) return module.names
  const [gamma, beta, mean, variance] = vectors.map(({ name }) => name)
  return { gamma: gamma!, beta: beta!, mean: mean!, variance: variance!, epsilon: null }
}

/** The bias and the BatchNorm among the vectors of a unit; null if there are other vectors. */
function vectorsOf({ vectors }: Unit, channels: number): Pick<LayerTensorNames, 'bias' | 'batchNorm'> | null {
  if (vectors.some(({ shape }) => shape[0] !== channels)) return null
  const [first] = vectors
  switch (vectors.length) {
    case 0:
      return { bias: null, batchNorm: null }
    case 1:
      return { bias: first!.name, batchNorm: null }
    case 4:
      return { bias: null, batchNorm: batchNormOf(vectors) }
    case 5:
      return { bias: first!.name, batchNorm: batchNormOf(vectors.slice(1)) }
    default:
      return null
  }
}

/** How each framework stores kernels. */
const frameworks = [
  { framework: 'PyTorch', recipe: 'torchvision', layouts: pytorchLayouts },
  { framework: 'TensorFlow', recipe: 'tensorflow', layouts: tensorflowLayouts },
] as const

/** The layer that a kernel can belong to in the layouts of a framework, with its channels. */
interface Kind {
  readonly kind: 'stem' | 'depthwise' | 'pointwise'
  readonly input: number
  readonly output: number
}

/** The layer that a kernel can belong to; null if a MobileNet has no such layer. */
function kindOf({ kernel }: Unit, { convolution, depthwise, pointwise }: Layouts): Kind | null {
  const extents = (layout: string): (number | null)[] => ['H', 'I', 'O', 'C'].map((letter) => extentOf(kernel, layout, letter))
  const [, pointInput, pointOutput] = extents(pointwise)
  if (pointInput && pointOutput) return { kind: 'pointwise', input: pointInput, output: pointOutput }
  const [window, , , channels] = extents(depthwise)
  if (window === 3 && channels && channels > 3) return { kind: 'depthwise', input: channels, output: channels }
  const [height, input, output] = extents(convolution)
  return height === 3 && input && output ? { kind: 'stem', input, output } : null
}

/**
 * Reads a MobileNetV2 or MobileNetV1 that begins with the unit `start`.
 * @param kinds the kind of each unit
 * @returns the network, and the index after its last unit; null if no network begins there
 */
function parse(
  units: readonly Unit[],
  kinds: readonly (Kind | null)[],
  start: number,
  { layouts, framework, recipe }: (typeof frameworks)[number],
): { body: Omit<OrderedBody, 'rest' | 'prefix'>; end: number } | null {
  const first = kinds[start]
  if (first?.kind !== 'stem' || first.input > mostChannels) return null
  let width = first.output
  let next = start
  const tensors = new Map<string, LayerTensorNames>()
  const take = (part: Position['part'], block: number, layout: keyof Layouts): boolean => {
    const unit = units[next]!
    const found = kinds[next]!
    const rest = vectorsOf(unit, found.output)
    if (rest === null) return false
    tensors.set(`${part} ${block}`, { kernel: unit.kernel.name, layout: layouts[layout], ...rest })
    width = found.output
    next += 1
    return true
  }
  if (!take('stem', 0, 'convolution')) return null
  const expands: boolean[] = []
  for (;;) {
    const [one, two, three] = [kinds[next], kinds[next + 1], kinds[next + 2]]
    const block = expands.length + 1
    if (one?.kind === 'depthwise' && one.input === width && two?.kind === 'pointwise' && two.input === width) {
      if (!take('depthwise', block, 'depthwise') || !take('project', block, 'pointwise')) return null
      expands.push(false)
    } else if (
      one?.kind === 'pointwise' &&
      one.input === width &&
      two?.kind === 'depthwise' &&
      two.input === one.output &&
      three?.kind === 'pointwise' &&
      three.input === two.output
    ) {
      if (!take('expand', block, 'pointwise') || !take('depthwise', block, 'depthwise') || !take('project', block, 'pointwise'))
        return null
      expands.push(true)
    } else break
  }
  const last = kinds[next]
  const hasHead = expands.some((expanding) => expanding) && last?.kind === 'pointwise' && last.input === width
  if (expands.length < 2 || (hasHead && !take('head', 0, 'pointwise'))) return null
  const tensorsOf = ({ part, block }: Position): LayerTensorNames => tensors.get(`${part} ${block}`)!
  const naming: Naming = { name: 'order', framework, recipe, layouts, tensors: tensorsOf }
  return { body: { naming, expands, hasHead, repetitions: null, tensorsOf }, end: next }
}

/** The common beginning of all these names, up to a dot or slash. */
function commonPrefix(names: readonly string[]): string {
  const [first = ''] = names
  let length = first.length
  for (const name of names) while (!name.startsWith(first.slice(0, length))) length -= 1
  return prefixOf(first.slice(0, length))
}

/** The modules of a unit after the body: a dense layer, and the BatchNorm after it. */
function restModules(unit: Unit): KnownModule[] {
  const { kernel, vectors } = unit
  const path = splitName(kernel.name)[0]
  if (kernel.shape.length === 4 && !isUnitWindow(kernel)) return [{ kind: 'convolution', path, kernel }]
  const bias = vectors.length === 1 || vectors.length === 5 ? vectors[0]! : null
  const rest = bias === null ? vectors : vectors.slice(1)
  const dense: KnownModule = { kind: 'dense', path, kernel, bias, extra: [] }
  if (rest.length === 0) return [dense]
  if (rest.length !== 4)
    return [
      dense,
      { kind: 'other', path, names: rest.map(({ name }) => name), sizes: rest.map(({ shape }) => shape[0]!), hasKernel: false },
    ]
  const norm = splitName(rest[0]!.name)[0]
  return [dense, { kind: 'batchNorm', path: norm, channels: rest[0]!.shape[0]!, names: batchNormOf(rest) }]
}

/**
 * The networks that the order and the shapes of a file's kernels show, whatever their names are. Such files are weights without
 * names, fused or traced networks, and networks of other codebases whose layers are in order. The order of the file is tried first,
 * then the order of the names.
 */
export function orderedBodies({ tensors }: Checkpoint): OrderedBody[] {
  const inFile = [...tensors.values()]
  for (const list of [inFile, sortNaturally(inFile, sortKey)]) {
    const units = unitsOf(list)
    for (const framework of frameworks) {
      const kinds = units.map((unit) => kindOf(unit, framework.layouts))
      const bodies: OrderedBody[] = []
      for (let start = 0; start < units.length; ) {
        const found = parse(units, kinds, start, framework)
        if (found === null) {
          start += 1
          continue
        }
        const { body, end } = found
        const prefix = commonPrefix(units.slice(start, end).map(({ kernel }) => kernel.name))
        // The tensors after a network belong to it, up to the next kernel that could begin another network.
        for (start = end; start < units.length && kinds[start]?.kind !== 'stem'; ) start += 1
        bodies.push({ ...body, prefix, rest: units.slice(end, start).flatMap(restModules) })
      }
      if (bodies.length > 0) return bodies
    }
  }
  return []
}
