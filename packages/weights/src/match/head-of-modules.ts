import type { HeadActivation, HeadLayer } from '@mobilenetv2/spec'
import type { StoredTensor } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import type { BatchNormNames } from '../graph/graph.js'
import { refuseTwoPools } from '../graph/two-pools.js'
import { extentOf, type Layouts } from '../layout.js'
import type { LayerTensorNames } from '../namings/naming.js'
import { sameBytes } from '../same-bytes.js'
import {
  type BatchNormModule,
  type DenseModule,
  type KnownModule,
  kernelParts,
  numberedPath,
  type OtherModule,
  splitName,
} from './modules.js'
import type { SkeletonHead } from './skeleton.js'

/** The layers after the last map, and the names of their tensors in order. */
export interface NamedHead extends SkeletonHead {
  readonly tensors: readonly LayerTensorNames[]
  /** The length of a side of the map that the first dense layer takes as a whole; null if it takes a pooled vector. */
  readonly mapSide: number | null
  readonly reasons: readonly string[]
}

/** A dense layer with its extents, in the layout of its framework. */
interface Dense {
  readonly module: DenseModule
  readonly layout: string
  readonly input: number
  readonly output: number
}

/** Most dense layers of a definition, with the classifier. */
const mostDense = 9

function denseOf(module: DenseModule, layouts: Layouts): Dense {
  const { kernel } = module
  const layout = kernel.shape.length === 2 ? layouts.dense.replaceAll('1', '') : layouts.pointwise
  const [input, output] = [extentOf(kernel, layout, 'I'), extentOf(kernel, layout, 'O')]
  if (input === null || output === null) {
    throw new CheckpointError('A kernel does not have the axes of its layer.', {
      tensor: kernel.name,
      expected: `axes ${layout}`,
      got: `[${kernel.shape.join(', ')}]`,
    })
  }
  return { module, layout, input, output }
}

/** The side of the square map that a dense layer may take as a whole; null if there is none. */
function sideOf(input: number, channels: number): number | null {
  const side = Math.sqrt(input / channels)
  return Number.isInteger(side) && side > 1 ? side : null
}

/** A chain of dense layers, and the index of the layer before which the map is flattened; null if the map is pooled first. */
interface Chain {
  readonly layers: readonly Dense[]
  readonly flattenedBefore: { readonly layer: number; readonly side: number } | null
}

/**
 * The chain of all dense layers. Each layer has as many inputs as the one before has outputs, and the first as many as the map has
 * channels. One of them may take a whole map instead. Null if there is no such chain.
 */
function chainOf(layers: readonly Dense[], channels: number): Chain | null {
  const extend = (chain: Chain, left: readonly Dense[]): Chain | null => {
    if (left.length === 0) return chain
    const width = chain.layers.at(-1)?.output ?? channels
    for (const next of left) {
      // A layer with as many inputs as the map has channels is a head of its own, not one on a flattened map of few channels.
      const isFlattened = chain.flattenedBefore === null && next.input !== channels
      const side = isFlattened ? sideOf(next.input, width) : null
      if (next.input !== width && side === null) continue
      const flattenedBefore = next.input === width ? chain.flattenedBefore : { layer: chain.layers.length, side: side as number }
      const rest = left.filter((other) => other !== next)
      const found = extend({ layers: [...chain.layers, next], flattenedBefore }, rest)
      if (found !== null) return found
    }
    return null
  }
  return extend({ layers: [], flattenedBefore: null }, layers)
}

/** The dense layers without copies under a second name. If there are too many for a head, they stay unchanged. */
function withoutCopies(layers: readonly DenseModule[]): DenseModule[] {
  if (layers.length > 4 * mostDense) return [...layers]
  const isSame = (left: StoredTensor | null, right: StoredTensor | null): boolean =>
    left === null || right === null ? left === right : sameBytes(left.bytes, right.bytes)
  const isCopy = (one: DenseModule, other: DenseModule): boolean =>
    isSame(one.bias, other.bias) && isSame(one.kernel, other.kernel) && one.kernel.bytes.some((byte) => byte !== 0)
  return layers.filter((layer, index) => !layers.slice(0, index).some((other) => isCopy(layer, other)))
}

/** The reason for a network whose dense layers of one size could have another order, because neither their numbers nor the file show it. */
function doubtsOfOrder(layers: readonly Dense[]): string[] {
  const doubtful = layers.slice(1).filter(({ input, output, module }, index) => {
    const before = layers[index]!.module
    const [from, to] = [numberedPath(before.path), numberedPath(module.path)]
    const isNumbered = from !== null && to !== null && from.parent === to.parent
    return input === output && !isNumbered && index + 2 < layers.length
  })
  const paths = layers.map(({ module }) => module.path.slice(0, 100)).join(', ')
  return doubtful.length < 2 ? [] : [`dense layers in the order ${paths}: assumed, as others of one size fit as well`]
}

/** The number of modules between two modules of one Sequential; null if they are not in the same one. */
function between(left: string, right: string): number | null {
  const [one, other] = [numberedPath(left), numberedPath(right)]
  const together = one !== null && other !== null && one.parent === other.parent && one.parent.endsWith('.')
  return together && other.index > one.index ? other.index - one.index - 1 : null
}

/** The place of a BatchNorm in the head: the output of a layer, before its activation, or the input of the next layer. */
type NormPlace = 'output' | 'input'

/** What the reader of a head must know beside its tensors. */
export interface HeadConventions {
  /** Whether TensorFlow stored the kernels. */
  readonly isTensorflow: boolean
  /** Whether the modules are in the order in which a program built them. */
  readonly isBuilt: boolean
  /** The pool of the map, if the first dense layer does not take all of it. */
  readonly pool: SkeletonHead['pool']
  /** The activation between two dense layers if nothing states it. */
  readonly assumed: (left: string, right: string) => HeadActivation
  /** The activation between two modules if the file states it; else null. */
  readonly known: (left: string, right: string) => HeadActivation | null
}

/**
 * Reads the head of a network from the modules of a file that are not in its body. Names do not matter, except the numbers in a Sequential,
 * which show what is between two layers.
 * @param channels the channels of the last map
 * @throws CheckpointError if the dense layers are not a single chain, or the head has layers of other kinds
 */
export function headOfModules(
  modules: readonly KnownModule[],
  channels: number,
  layouts: Layouts,
  { isTensorflow, pool, assumed, known, isBuilt }: HeadConventions,
): NamedHead {
  const dense = withoutCopies(modules.filter((module) => module.kind === 'dense')).map((module) => denseOf(module, layouts))
  for (const { module } of dense) checkPlain(module)
  const norms = modules.filter((module) => module.kind === 'batchNorm')
  checkOthers(modules, dense)
  if (dense.length === 0) {
    return { positionLayers: [], pool, headLayers: [], classes: 0, tensors: [], mapSide: null, reasons: [] }
  }
  const chain = dense.length > mostDense ? null : chainOf(dense, channels)
  if (chain === null && dense.some(({ input }) => input === 2 * channels)) {
    refuseTwoPools(`a first dense layer of ${channels} inputs`, `one of ${2 * channels}`)
  }
  if (chain === null) {
    throw new CheckpointError('The dense layers of this file are not one head.', {
      expected: `layers that follow each other, the first with ${channels} inputs`,
      got: dense
        .slice(0, mostDense)
        .map(({ module, input, output }) => `${module.path} (${input} to ${output})`)
        .join(', '),
      remedy: 'Save the network with one head: a network with several answers has to be exported once for each of them.',
    })
  }
  const { layers, flattenedBefore } = chain
  const reasons: string[] = isBuilt ? [] : doubtsOfOrder(layers)
  const activations: HeadActivation[] = []
  const outputNorms = new Map<number, BatchNormNames>()
  const inputNorms = new Map<number, BatchNormNames>()
  for (const norm of norms) {
    const alike = norms.filter((other) => other.channels === norm.channels)
    const { at, place: where } = placeOf(norm, alike, chain, channels, isTensorflow)
    const target = where === 'output' ? outputNorms : inputNorms
    if (target.has(at)) refuseNorm(norm)
    target.set(at, norm.names)
    const layer = layers[at]!.module.path
    reasons.push(`BatchNorm ${norm.path} ${where === 'output' ? 'follows' : 'comes before'} ${layer}: their places and channels`)
  }
  for (const [index, { module }] of layers.entries()) {
    const next = layers[index + 1]
    if (next === undefined) break
    const gap = between(module.path, next.module.path)
    const normsBetween = (outputNorms.has(index) ? 1 : 0) + (inputNorms.has(index + 1) ? 1 : 0)
    const none = gap !== null && gap - normsBetween <= 0
    const told = known(module.path, next.module.path)
    const taken = assumed(module.path, next.module.path)
    activations.push(told ?? (none ? 'linear' : taken))
    if (told !== null) reasons.push(`activation ${told} after ${module.path}: the modules in the file say so`)
    else
      reasons.push(
        none
          ? `no activation between ${module.path} and ${next.module.path}: nothing lies between them`
          : `activation ${taken} between ${module.path} and ${next.module.path}: assumed, as a file of weights does not say (architecture.headActivation gives another)`,
      )
  }
  const flattenAt = flattenedBefore?.layer ?? 0
  const hidden = layers.slice(0, -1).map(({ output }, index): HeadLayer => ({ units: output, activation: activations[index]! }))
  return {
    positionLayers: hidden.slice(0, flattenAt),
    pool: flattenedBefore === null ? pool : 'none',
    headLayers: hidden.slice(flattenAt),
    classes: layers.at(-1)!.output,
    mapSide: flattenedBefore?.side ?? null,
    tensors: layers.map(({ module, layout }, index) => ({
      kernel: module.kernel.name,
      // PyTorch flattens a map channel by channel.
      layout: index === flattenAt && flattenedBefore !== null && !isTensorflow ? layout.replace('I', 'P') : layout,
      bias: module.bias?.name ?? null,
      batchNorm: outputNorms.get(index) ?? null,
      inputBatchNorm: inputNorms.get(index),
    })),
    reasons,
  }
}

/** The names of classifiers that compare directions only, as ArcFace and CosFace train them. */
const normalisedName =
  /(^|[._/])(arc|cos(ine|face)?|sphere|curricular|add_?margin|am_?softmax|margin|metric_fc|proxy|proxies|norm(ed|alized)?_?linear)/i

/**
 * Refuses dense layers that have more than a kernel and a bias, and those that take normalised vectors.
 * @throws CheckpointError if there is one
 */
function checkPlain({ path, bias, extra }: DenseModule): void {
  if (/(^|[._/])lora_[AB]([._/]|$)/.test(path) || extra.some((name) => /lora_[AB]/.test(name))) {
    throw new CheckpointError('The head has LoRA layers that are not merged.', {
      tensor: path,
      remedy: 'Merge them before saving: model.merge_and_unload(), or model.eval() for loralib.',
    })
  }
  if (bias === null && normalisedName.test(path)) {
    throw new CheckpointError('The classifier takes normalised vectors, as those of ArcFace and CosFace do, which is not read.', {
      tensor: path,
      expected: 'dense layers of a kernel and a bias',
      remedy: 'Save the network without it if you want its embeddings. If it is a plain layer, give it another name.',
    })
  }
}

/** Refuses other layers in the head, such as LayerNorm or PReLU. */
function checkOthers(modules: readonly KnownModule[], dense: readonly Dense[]): void {
  const parents = new Set(
    dense.flatMap(({ module: { path } }) => numberedPath(path)?.parent ?? []).filter((parent) => parent !== ''),
  )
  for (const module of modules) {
    if (module.kind !== 'other') continue
    checkParameters(module, dense)
    const isAmong = parents.has(numberedPath(module.path)?.parent ?? '')
    const isLayerNorm = module.names.length === 2 && module.names.some((name) => /(^|[./])(weight|gamma)$/.test(name))
    if (isAmong || isLayerNorm || module.hasKernel) {
      throw new CheckpointError('The head has a layer that is not read.', {
        tensor: module.names.find((name) => kernelParts.includes(splitName(name)[1])) ?? module.names[0],
        expected: 'dense layers and BatchNorm',
        got: isLayerNorm ? 'a LayerNorm or another layer of a weight and a bias' : 'a layer of another kind',
      })
    }
  }
}

/** Refuses a parameter that is not part of a loss and has a module of its own: a pool with an exponent, or an activation with a slope. */
function checkParameters({ names, sizes }: OtherModule, dense: readonly Dense[]): void {
  const [name] = names
  const [size] = sizes
  if (name === undefined || size === undefined || names.length !== 1) return
  const [, part] = splitName(name)
  if (part === 'p' && size === 1) {
    throw new CheckpointError('The network pools its last map by a generalised mean (GeM), which is not read.', {
      tensor: name,
      expected: 'an average or a maximum',
    })
  }
  const hidden = dense.map(({ output }) => output)
  if (part === 'weight' && dense.length > 0 && (size === 1 || hidden.slice(0, -1).includes(size))) {
    throw new CheckpointError('The head has a layer that is not read.', {
      tensor: name,
      expected: 'dense layers and BatchNorm',
      got: 'a PReLU, perhaps, or another layer of one vector',
    })
  }
}

function refuseNorm({ path }: BatchNormModule): never {
  throw new CheckpointError('It is not clear where a BatchNorm of the head belongs.', {
    expected: 'one after each dense layer, or before the first',
    got: path,
  })
}

/**
 * The layer to which a BatchNorm belongs. In a Sequential the numbers show it. Elsewhere it is the layer with as many channels. The
 * BatchNorm usually comes before the activation in PyTorch and after it in Keras. Several BatchNorms with the same number of
 * channels belong to as many layers, in order.
 */
function placeOf(
  norm: BatchNormModule,
  alike: readonly BatchNormModule[],
  { layers }: Chain,
  channels: number,
  isTensorflow: boolean,
): { readonly at: number; readonly place: NormPlace } {
  const before = layers.findLastIndex(({ module }) => between(module.path, norm.path) !== null)
  const after = layers.findIndex(({ module }) => between(norm.path, module.path) !== null)
  const previous = layers[before]
  if (previous !== undefined && previous.output === norm.channels) {
    if (between(previous.module.path, norm.path) === 0) return { at: before, place: 'output' }
    if (before + 1 < layers.length) return { at: before + 1, place: 'input' }
  }
  if (before < 0 && after === 0 && norm.channels === layers[0]!.input) return { at: 0, place: 'input' }
  const candidates = layers.slice(0, -1).flatMap(({ output }, index) => (output === norm.channels ? [index] : []))
  const isFirst = norm.channels === channels || norm.channels === layers[0]!.input
  if (isFirst && candidates.length === 0) return { at: 0, place: 'input' }
  const last = layers.length - 1
  if (!isFirst && candidates.length === 0 && alike.length === 1 && norm.channels === layers[last]!.output) {
    return { at: last, place: 'output' }
  }
  const at = candidates[alike.indexOf(norm)]
  if (isFirst || at === undefined || alike.length !== candidates.length) return refuseNorm(norm)
  // A dense layer without a bias has a BatchNorm in place of the bias.
  const isOutput = !isTensorflow || layers[at]!.module.bias === null
  return isOutput ? { at, place: 'output' } : { at: at + 1, place: 'input' }
}
