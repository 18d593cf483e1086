import type { Checkpoint, StoredTensor } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { extentOf } from '../layout.js'
import { preferAverages } from '../namings/averages.js'
import { sortNaturally } from '../natural-order.js'
import type { Surroundings } from './choose-head.js'
import type { Candidate } from './choose-network.js'
import { type NamedBody, positions, tensorNames } from './find-networks.js'
import { type KnownModule, knownModule, modulesOf, prefixOf, splitName } from './modules.js'

/** The prefixes under which a head is searched: that of the body, then shorter ones, and at last the whole file. */
function enclosing(prefix: string): string[] {
  const prefixes = [prefix]
  while (prefixes.at(-1) !== '') prefixes.push(prefixOf(prefixes.at(-1)!.slice(0, -1)))
  return prefixes
}

/** Names that only training needs. No part of a head has such a name. */
const training =
  /(^|[./])(optimizers?|optimizer_states?|optim|schedulers?|lr_schedulers?|(criterion|loss)(_\w+)?|metrics?|scaler)([./]|$)|\.OPTIMIZER_SLOT/i

/** Whether a name belongs to something that only training needs. */
export function isTraining(name: string): boolean {
  return training.test(name)
}

/** Formats that store tensors in the order in which a program made its modules. Others sort them. */
const builtFormats: readonly string[] = ['pytorch', 'torchscript', 'pickle']

/** Whether the layers of a head are stored in the order in which a program made them. */
export function isBuilt({ format }: Checkpoint): boolean {
  return builtFormats.includes(format)
}

/** The modules around a body, in the order of the file if that is the order in which the network was built. */
export function surroundings(checkpoint: Checkpoint, body: NamedBody, candidates: readonly Candidate[]): Surroundings {
  const { tensors } = checkpoint
  const names = preferAverages([...tensors.keys()])
  const bare = new Map([...names].map(([name, original]) => [original, name]))
  const pathOf = (original: string): string => splitName(bare.get(original) ?? original)[0]
  const used = new Set(positions(body).flatMap((position) => tensorNames(body.tensorsOf(position)).map(pathOf)))
  const others = candidates.filter(({ prefix }) => !body.prefix.startsWith(prefix)).map(({ prefix }) => prefix)
  const free = [...names].filter(
    ([name]) => !used.has(splitName(name)[0]) && !isTraining(name) && !others.some((prefix) => name.startsWith(prefix)),
  )
  const ordered = isBuilt(checkpoint) ? free : sortNaturally(free, ([name]) => name)
  const all = modulesOf(ordered.map(([name, original]) => [name, tensors.get(original)!])).map(knownModule)
  const dense = all.filter(({ kind }) => kind === 'dense')
  const isInside = ({ path }: KnownModule, prefix: string): boolean => path.startsWith(prefix) || path === prefix.slice(0, -1)
  const nearest = enclosing(body.prefix).find((prefix) => dense.some((module) => isInside(module, prefix))) ?? ''
  const near = all.filter((module) => isInside(module, nearest))
  const isAllNear = dense.every((module) => isInside(module, nearest))
  return { near, all: isAllNear ? null : all }
}

/** Whether a body that seems to have no last convolution has one under a name that the naming does not have. */
export function isCutOff({ tensors }: Checkpoint, body: NamedBody): boolean {
  if (body.hasHead) return false
  const used = positions(body).map((position) => body.tensorsOf(position).kernel)
  const { pointwise, depthwise } = body.naming.layouts
  const output = extentOf(tensors.get(used.at(-1)!)!, pointwise, 'O')
  // A classifier that is stored as a convolution has a bias. A last convolution has a BatchNorm instead.
  const hasBias = ({ name }: StoredTensor): boolean =>
    ['bias', 'biases'].some((part) => tensors.has(`${name.slice(0, -splitName(name)[1].length)}${part}`))
  return [...tensors.values()].some(
    (tensor) =>
      tensor.name.startsWith(body.prefix) &&
      extentOf(tensor, pointwise, 'I') === output &&
      extentOf(tensor, depthwise, 'C') === null &&
      !used.includes(tensor.name) &&
      !hasBias(tensor) &&
      tensor.shape.length === 4,
  )
}

/**
 * Refuses a network that has more convolutions than one that could be its classifier.
 * @throws CheckpointError if it has
 */
export function checkConvolutions(modules: readonly KnownModule[]): void {
  const isConvolution = (module: KnownModule): boolean =>
    module.kind === 'convolution' || (module.kind === 'dense' && module.kernel.shape.length === 4)
  const convolutions = modules.filter(isConvolution)
  // A classifier may be stored as a convolution of one pixel.
  const [only] = convolutions
  const isNormed = modules.some(({ kind }) => kind === 'batchNorm')
  if (convolutions.length === 1 && only?.kind === 'dense' && !isNormed) return
  const [first] = convolutions
  if (first === undefined) return
  if (convolutions.length === 1 && only?.kind === 'dense' && modules.some(({ kind }) => kind === 'dense')) {
    throw new CheckpointError('The head has a convolution with a BatchNorm, and the file does not say where the map is pooled.', {
      tensor: only.kernel.name,
      expected: 'dense layers after the last map',
      remedy: 'Export the network as ONNX, whose graph says how its layers follow each other.',
    })
  }
  throw new CheckpointError('The file holds a MobileNetV2 as a part of a larger network.', {
    expected: 'a classifier: dense layers after the last map',
    got: `${convolutions.length} more convolutions, the first of them ${first.path}: a segmentation network or an object detector, perhaps`,
    remedy: 'If you want its features, save the encoder alone.',
  })
}

/**
 * Refuses dense layers among the modules of a body, as attention has them. Their shapes look like those of a head.
 * @throws CheckpointError if there are such layers
 */
export function checkInside(modules: readonly KnownModule[], { naming, prefix }: NamedBody): void {
  const [only, another] = naming.modules ?? []
  if (only === undefined || another !== undefined) return
  const inside = modules.find(({ kind, path }) => kind === 'dense' && path.startsWith(`${prefix}${only}.`))
  if (inside === undefined) return
  throw new CheckpointError('The network has dense layers inside its body, as attention (squeeze-and-excitation, CBAM) has.', {
    tensor: inside.path,
    expected: 'a body of convolutions',
    remedy: 'Only MobileNetV2 and MobileNetV1 as published, with heads of their own, are read.',
  })
}
