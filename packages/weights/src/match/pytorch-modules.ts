import { type HeadActivation, isHeadActivation } from '@mobilenetv2/spec'
import type { Checkpoint, PlainValue } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { type Facts, factsFrom } from '../facts/facts.js'

/** A module of PyTorch as a file of whole modules describes it: its class, its plain attributes, and the modules in it by name. */
type ModuleNode = { readonly [name: string]: PlainValue }

/** PyTorch's activations by their classes; null for modules that change no value at inference. */
const activations: ReadonlyMap<string, HeadActivation | null> = new Map([
  ['ReLU', 'relu'],
  ['ReLU6', 'relu6'],
  ['Sigmoid', 'sigmoid'],
  ['Tanh', 'tanh'],
  ['SELU', 'selu'],
  ['SiLU', 'silu'],
  ['Hardswish', 'hardSwish'],
  ['Dropout', null],
  ['Identity', null],
  ['Flatten', null],
])

/** The modules that end a network of probabilities. */
const outputs: ReadonlyMap<string, 'softmax' | 'sigmoid'> = new Map([
  ['Softmax', 'softmax'],
  ['LogSoftmax', 'softmax'],
  ['Sigmoid', 'sigmoid'],
])

/** Modules in modules in a file. */
const deepest = 16

function isNode(value: PlainValue | undefined): value is ModuleNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The last part of a module's class: `ReLU6`; null if the value is no module. */
function classOf(value: PlainValue | undefined): string | null {
  const name = isNode(value) ? value.__class__ : undefined
  return typeof name === 'string' ? name.slice(name.lastIndexOf('.') + 1) : null
}

/** The module at a path of names; undefined if the file describes none there. */
function moduleAt(root: ModuleNode, path: string): ModuleNode | undefined {
  let node: PlainValue | undefined = root
  for (const part of path === '' ? [] : path.split('.')) {
    node = isNode(node) && Object.hasOwn(node, part) ? node[part] : undefined
  }
  return isNode(node) && classOf(node) !== null ? node : undefined
}

/** All classes in a module. */
function classesIn(node: PlainValue | undefined, depth = 0): string[] {
  if (!isNode(node) || depth > deepest) return []
  const own = classOf(node)
  return [...(own === null ? [] : [own]), ...Object.values(node).flatMap((child) => classesIn(child, depth + 1))]
}

/** The activation of a module; null if it changes no value, undefined if its class is not known. */
function activationOf(node: ModuleNode): HeadActivation | null | undefined {
  const name = classOf(node) ?? ''
  const number = (attribute: string, otherwise: number): number => {
    const value = node[attribute]
    return typeof value === 'number' ? value : otherwise
  }
  if (name === 'GELU') return node.approximate === 'tanh' ? 'geluTanh' : 'gelu'
  if (name === 'ELU') return number('alpha', 1) === 1 ? 'elu' : undefined
  if (name === 'LeakyReLU') {
    const text = `leakyRelu:${number('negative_slope', 0.01)}`
    return isHeadActivation(text) ? text : undefined
  }
  return /^(Dropout|AlphaDropout|BatchNorm)\d?d?$/.test(name) ? null : activations.get(name)
}

/** The number at the end of a path, and what stands before it. */
function place(path: string): { readonly parent: string; readonly index: number } | null {
  const [, parent, digits] = /^(?:(.*)\.)?(\d+)$/.exec(path) ?? []
  return digits === undefined ? null : { parent: parent ?? '', index: Number(digits) }
}

/** What a file of whole modules tells beside its tensors. */
export interface PytorchModules {
  /** The activation between two modules of one Sequential; null if the file does not tell. */
  readonly activationBetween: (left: string, right: string) => HeadActivation | null
  /** What the modules state of the network's body, and of its end after the module at `last`. */
  readonly factsOf: (
    body: { readonly stem: string; readonly norm: string | null; readonly prefix: string },
    last: string | null,
  ) => Facts
}

/** The modules of a file that `torch.save(model)` or TorchScript wrote; null if a file describes none. */
export function pytorchModules({ metadata }: Pick<Checkpoint, 'metadata'>): PytorchModules | null {
  if (classesIn(metadata).length === 0) return null
  const inSequential = (left: { parent: string; index: number }, end: number): ModuleNode[] => {
    const found: ModuleNode[] = []
    for (let index = left.index + 1; index < end; index++) {
      const node = moduleAt(metadata, left.parent === '' ? String(index) : `${left.parent}.${index}`)
      if (node !== undefined) found.push(node)
    }
    return found
  }
  return {
    activationBetween(left, right) {
      const [from, to] = [place(left), place(right)]
      if (from === null || to === null || from.parent !== to.parent) return null
      const nodes = inSequential(from, to.index)
      if (nodes.length < to.index - from.index - 1) return null
      const found = nodes.map((node) => {
        const activation = activationOf(node)
        if (activation !== undefined) return activation
        throw new CheckpointError('A module between two dense layers is not known.', {
          got: `${classOf(node)} after ${left.slice(0, 100)}`,
        })
      })
      const [activation = 'linear', second] = found.filter((one) => one !== null)
      if (second !== undefined)
        throw new CheckpointError('Two activations follow a dense layer.', { got: `${activation}, ${second}` })
      return activation
    },
    factsOf({ stem, norm, prefix }, last) {
      const [convolution, batchNorm] = [moduleAt(metadata, stem), norm === null ? undefined : moduleAt(metadata, norm)]
      const [stride, padding] = [convolution?.stride, convolution?.padding]
      const root = moduleAt(metadata, prefix.replace(/\.$/, '')) ?? metadata
      // A file may describe its head alone.
      const classes = new Set(convolution === undefined ? [] : classesIn(root))
      const isSame = classOf(convolution) === 'Conv2dSame'
      const end = last === null ? null : place(last)
      const following = end === null ? undefined : inSequential(end, end.index + 2)[0]
      return factsFrom(
        {
          batchNormEpsilon: typeof batchNorm?.eps === 'number' ? batchNorm.eps : undefined,
          stemStride: Array.isArray(stride) && typeof stride[0] === 'number' ? stride[0] : undefined,
          padding: isSame ? 'same' : Array.isArray(padding) && padding[0] === 1 ? 'symmetric' : undefined,
          activation: classes.has('ReLU6') ? 'relu6' : classes.has('ReLU') ? 'relu' : undefined,
          output: outputs.get(classOf(following) ?? ''),
        },
        'the modules in the file say so',
      )
    },
  }
}
