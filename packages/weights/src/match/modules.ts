import { type StoredTensor, valueCount } from '../checkpoint.js'
import type { BatchNormNames } from '../graph/graph.js'

/** A module in a file: the tensors whose names differ in their last part only. */
export interface Module {
  /** The names without their last part: `classifier.1`. */
  readonly path: string
  readonly tensors: ReadonlyMap<string, StoredTensor>
}

/** A module that is a dense layer. */
export interface DenseModule {
  readonly kind: 'dense'
  readonly path: string
  readonly kernel: StoredTensor
  readonly bias: StoredTensor | null
  /** The names of other tensors that it has. */
  readonly extra: readonly string[]
}

/** A module that is a BatchNorm of vectors. */
export interface BatchNormModule {
  readonly kind: 'batchNorm'
  readonly path: string
  readonly channels: number
  readonly names: BatchNormNames
}

/** A module with a kernel of a convolution. */
export interface ConvolutionModule {
  readonly kind: 'convolution'
  readonly path: string
  readonly kernel: StoredTensor
}

/** Any other module. */
export interface OtherModule {
  readonly kind: 'other'
  readonly path: string
  readonly names: readonly string[]
  /** The number of values of each of these tensors. */
  readonly sizes: readonly number[]
  /** Whether it has a kernel, whose layer is then not known. */
  readonly hasKernel: boolean
}

/** A module with its kind, which its tensors show. */
export type KnownModule = DenseModule | BatchNormModule | ConvolutionModule | OtherModule

/** The names of a module's kernel in frameworks. The names of its other tensors are below. */
export const kernelParts: readonly string[] = ['weight', 'kernel', 'weights', 'depthwise_weights', 'depthwise_kernel']
/** The names of a module's bias in frameworks. */
export const biasParts: readonly string[] = ['bias', 'biases']
const gammaParts = ['weight', 'gamma']
const betaParts = ['bias', 'beta']
const meanParts = ['running_mean', 'moving_mean']
const varianceParts = ['running_var', 'moving_variance']
/** The names of parameters in frameworks. */
export const parameterParts: ReadonlySet<string> = new Set(
  [kernelParts, biasParts, gammaParts, betaParts, meanParts, varianceParts].flat(),
)

/** A name split at its last dot or slash. */
export function splitName(name: string): readonly [path: string, part: string] {
  const at = Math.max(name.lastIndexOf('.'), name.lastIndexOf('/'))
  return [name.slice(0, Math.max(0, at)), name.slice(at + 1)]
}

/** A name without its last part, but with the dot or slash: `features.` of `features.0`. */
export function prefixOf(name: string): string {
  return name.slice(0, Math.max(name.lastIndexOf('.'), name.lastIndexOf('/')) + 1)
}

/** A path that ends in a number, as a Sequential numbers its modules: `classifier.` and 3. */
export interface NumberedPath {
  /** The text before the number, with its dot. */
  readonly parent: string
  readonly index: number
}

/** A path split at the number at its end; null if it does not end in one. */
export function numberedPath(path: string): NumberedPath | null {
  let at = path.length
  // A regular expression would try every digit of a long number as the first one.
  while (at > 0 && path[at - 1]! >= '0' && path[at - 1]! <= '9') at -= 1
  return at === path.length ? null : { parent: path.slice(0, at), index: Number(path.slice(at)) }
}

/** The modules of some tensors, in the order of their first tensors. */
export function modulesOf(tensors: Iterable<readonly [string, StoredTensor]>): Module[] {
  const modules = new Map<string, Map<string, StoredTensor>>()
  for (const [name, tensor] of tensors) {
    const [path, part] = splitName(name)
    const module = modules.get(path) ?? new Map<string, StoredTensor>()
    modules.set(path, module.set(part, tensor))
  }
  return [...modules].map(([path, found]) => ({ path, tensors: found }))
}

function first({ tensors }: Module, parts: readonly string[]): StoredTensor | null {
  for (const part of parts) {
    const tensor = tensors.get(part)
    if (tensor !== undefined) return tensor
  }
  return null
}

/** Whether a kernel has four axes and a window of one pixel. A dense layer may be stored as such a convolution. */
export function isUnitWindow({ shape }: StoredTensor): boolean {
  return shape.length === 4 && ((shape[2] === 1 && shape[3] === 1) || (shape[0] === 1 && shape[1] === 1))
}

/** The kind of a module, which its tensors show. */
export function knownModule(module: Module): KnownModule {
  const { path, tensors } = module
  const [mean, variance] = [first(module, meanParts), first(module, varianceParts)]
  if (mean !== null && variance !== null) {
    const [gamma, beta] = [first(module, gammaParts), first(module, betaParts)]
    const names = { gamma: gamma?.name ?? null, beta: beta?.name ?? null, mean: mean.name, variance: variance.name, epsilon: null }
    return { kind: 'batchNorm', path, channels: valueCount(mean.shape), names }
  }
  const kernel = first(module, kernelParts)
  if (kernel !== null && (kernel.shape.length === 2 || isUnitWindow(kernel))) {
    const bias = first(module, biasParts)
    const extra = [...tensors.values()].filter((tensor) => tensor !== kernel && tensor !== bias).map(({ name }) => name)
    return { kind: 'dense', path, kernel, bias, extra }
  }
  if (kernel !== null && kernel.shape.length === 4) return { kind: 'convolution', path, kernel }
  const hasKernel = kernel !== null && kernel.shape.length > 1
  const all = [...tensors.values()]
  return { kind: 'other', path, names: all.map(({ name }) => name), sizes: all.map(({ shape }) => valueCount(shape)), hasKernel }
}
