import { type HeadActivation, isHeadActivation } from '@mobilenetv2/spec'
import type { Checkpoint, PlainValue } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { type Facts, factsFrom } from '../facts/facts.js'
import { numberedPath } from './modules.js'

/** A module of PyTorch in a file of whole modules: its class, its plain attributes, and its submodules by name. */
type ModuleNode = { readonly [name: string]: PlainValue }

/** PyTorch's activations by class; null for modules that change no value in inference. */
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

/** The modules at the end of a network that gives probabilities. */
const outputs: ReadonlyMap<string, 'softmax' | 'sigmoid'> = new Map([
  ['Softmax', 'softmax'],
  ['LogSoftmax', 'softmax'],
  ['Sigmoid', 'sigmoid'],
])

/** Class names of activations, PyTorch's and others'. */
const activationClass =
  /^(ReLU6?|[LPR]\w*ReLU|C?ELU|SELU|GELU|SiLU|\w*Swish|\w*Mish|H(ard|_)(s|S)wish|Hardswish|Hardtanh|H(ard|_)s\w*igmoid|Sigmoid|Tanh|Softplus|Softsign|Threshold)$/i

/** Modules that a body may have: their tensors or their submodules show what they compute, or they change no value in inference. */
const plainClass =
  /^(Conv2d\w*|\w*(BatchNorm|Norm2d)\w*|Sequential|Module(List|Dict)|Dropout\w*|Drop(Path|Block\w*|Connect)|StochasticDepth|Identity|\w*Stub|\w*Functional|\w*(Observer|FakeQuant)\w*|ZeroPad2d|Module)$/i

/** Modules without parameters that may follow the blocks in their Sequential. */
const shapeClass = /flat|view|reshape|squeeze|pool|mean|lambda|normalize|softmax|^Linear/i

/** Pools that give neither the mean nor the maximum. */
const otherPool = /GeM|GeneralizedMean|AvgMax|ConcatPool/i

/** The paths of those layers of a body whose modules show more than their tensors do. */
export interface BodyPaths {
  readonly stem: string
  /** The convolutions in blocks. */
  readonly blocks: readonly string[]
  readonly depthwise: readonly string[]
}

/** What the modules in a file show about the layers of a body. */
export interface StatedBody {
  readonly activation: 'relu' | 'relu6' | undefined
  /** The stride of each depthwise layer; null if the file does not state all of them. */
  readonly strides: readonly number[] | null
}

/** Most convolutions of one block. */
const mostInBlock = 3

/** How deep modules may be nested in a file. */
const deepest = 16

function isNode(value: PlainValue | undefined): value is ModuleNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The last part of a module's class: `ReLU6`; null if the value is not a module. */
function classOf(value: PlainValue | undefined): string | null {
  const name = isNode(value) ? value.__class__ : undefined
  return typeof name === 'string' ? name.slice(name.lastIndexOf('.') + 1) : null
}

/** The module at a path of names; undefined if there is none. */
function moduleAt(root: ModuleNode, path: string): ModuleNode | undefined {
  let node: PlainValue | undefined = root
  for (const part of path === '' ? [] : path.split('.')) {
    node = isNode(node) && Object.hasOwn(node, part) ? node[part] : undefined
  }
  return isNode(node) && classOf(node) !== null ? node : undefined
}

/** All modules in a value. */
function nodesIn(node: PlainValue | undefined, depth = 0): ModuleNode[] {
  if (!isNode(node) || depth > deepest) return []
  return [...(classOf(node) === null ? [] : [node]), ...Object.values(node).flatMap((child) => nodesIn(child, depth + 1))]
}

/** All classes in a value. */
function classesIn(node: PlainValue | undefined): string[] {
  return nodesIn(node).flatMap((module) => classOf(module) ?? [])
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

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')))
}

/** A value of a convolution, if it is the same for height and width. */
function sideOf(value: PlainValue | undefined): number | undefined {
  const [height, width] = Array.isArray(value) ? value : [value, value]
  return typeof height === 'number' && height === width ? height : undefined
}

/**
 * Refuses a convolution with padding or dilation that no MobileNet has.
 * @throws CheckpointError if it has
 */
function checkConvolution(node: ModuleNode | undefined, path: string): void {
  const dilation = sideOf(node?.dilation)
  const mode = node?.padding_mode
  const isSpread = node?.dilation !== undefined && dilation !== 1
  if (!isSpread && (mode === undefined || mode === 'zeros')) return
  throw new CheckpointError('A convolution of this network is not one of a MobileNetV2.', {
    tensor: path,
    expected: 'no dilation, and zeros around the map',
    got: isSpread
      ? `dilation ${dilation ?? 'of two numbers'}`
      : typeof mode === 'string'
        ? `padding_mode ${mode}`
        : 'a padding_mode that is no text',
    remedy: 'Train and save the network without it.',
  })
}

/** Whether the computation of a module of this class is known, or its tensors show it. */
function isPlain(name: string): boolean {
  return plainClass.test(name) || activationClass.test(name)
}

/**
 * Whether a module may be attention without parameters: it has no submodules, or plain submodules and an activation that no body
 * has.
 */
function isGate(module: PlainValue): boolean {
  const inside = classesIn(module).slice(1)
  const isKnown = (name: string): boolean => plainClass.test(name) || /^ReLU6?$/.test(name)
  return inside.every((name) => isKnown(name) || activationClass.test(name)) && !(inside.length > 0 && inside.every(isKnown))
}

/** Refuses the activations of a body. */
function refuseActivations(got: string): never {
  throw new CheckpointError('The blocks have an activation that no MobileNetV2 has.', {
    expected: 'ReLU6 or ReLU',
    got,
    remedy: 'Only networks of ReLU6 and of ReLU are read.',
  })
}

/** Refuses a module of an unknown class, because it may compute anything. */
function refuseModule(name: string, path: string): never {
  throw new CheckpointError('The body of the network has a module whose computation is not known.', {
    tensor: path,
    expected: 'convolutions, BatchNorm, ReLU6 and ReLU',
    got: name,
    remedy: 'Export the network as ONNX, whose graph says what it computes.',
  })
}

/** What a file of whole modules shows beside its tensors. */
export interface PytorchModules {
  /**
   * What the modules of a body show.
   * @throws CheckpointError if they are not those of a MobileNetV2: another activation, dilation, a reflected border
   */
  readonly bodyOf: (paths: BodyPaths) => StatedBody
  /**
   * The pool after the last map; undefined if the file does not show it.
   * @throws CheckpointError if it is a pool that is not read, or there are two pools
   */
  readonly pool: () => 'average' | 'max' | undefined
  /**
   * Refuses a dense layer of a class that may not compute what `Linear` does, such as one that normalises vectors.
   * @throws CheckpointError if it is one
   */
  readonly checkDense: (path: string) => void
  /** The activation between two modules of one Sequential; null if the file does not show it. */
  readonly activationBetween: (left: string, right: string) => HeadActivation | null
  /** The facts that the modules show about the network's body, and about its end after the module at `last`. */
  readonly factsOf: (
    body: {
      readonly stem: string
      readonly norm: string | null
      readonly prefix: string
      readonly activation: StatedBody['activation']
    },
    last: string | null,
  ) => Facts
}

/** What a module after the one at `last` turns the logits into. It may be further out: `Sequential(network, Sigmoid())`. */
function outputAfter(root: ModuleNode, last: string): 'softmax' | 'sigmoid' | undefined {
  for (let path = last; path !== ''; path = parentOf(path)) {
    const siblings = Object.entries(moduleAt(root, parentOf(path)) ?? (parentOf(path) === '' ? root : {}))
    const at = siblings.findIndex(([name]) => name === path.slice(path.lastIndexOf('.') + 1))
    if (at < 0) continue
    for (const [, sibling] of siblings.slice(at + 1)) {
      const name = classOf(sibling)
      if (name === null || /^(Dropout\d?d?|Identity|Flatten|\w*Pool2d)$/.test(name)) continue
      return outputs.get(name)
    }
  }
  return undefined
}

/** The modules of a file that `torch.save(model)` or TorchScript wrote; null if a file has none. */
export function pytorchModules({ metadata }: Pick<Checkpoint, 'metadata'>): PytorchModules | null {
  if (classesIn(metadata).length === 0) return null
  return {
    bodyOf({ stem, blocks, depthwise }) {
      const found = new Set<string>()
      const look = (path: string): void => {
        for (const node of nodesIn(moduleAt(metadata, path))) {
          const name = classOf(node)!
          const isRelu6 = name === 'Hardtanh' && node.min_val === 0 && node.max_val === 6
          if (activationClass.test(name)) found.add(isRelu6 ? 'ReLU6' : name)
          else if (nodesIn(node).length === 1 && !isPlain(name)) refuseModule(name, path)
        }
      }
      const [beside] = [parentOf(stem)].filter((path) => path !== '' && !blocks.some((block) => block.startsWith(`${path}.`)))
      if (beside !== undefined) look(beside)
      const [inBlocks, trunks] = [new Set<string>(), new Set<string>()]
      for (const path of blocks) {
        let parent = parentOf(path)
        // Modules beside the first convolution, or around several blocks, may belong to the head.
        const isBlock = (around: string): boolean =>
          around !== '' &&
          !stem.startsWith(`${around}.`) &&
          blocks.filter((other) => other.startsWith(`${around}.`)).length <= mostInBlock
        if (isBlock(parent)) {
          while (isBlock(parentOf(parent))) parent = parentOf(parent)
          inBlocks.add(parent)
        }
        trunks.add(parentOf(parent))
      }
      for (const path of inBlocks) look(path)
      for (const path of trunks) {
        const trunk = path === '' ? metadata : moduleAt(metadata, path)
        if (classOf(trunk) !== 'Sequential') continue
        const children = Object.values(trunk ?? {}).filter(isGate)
        const name = children.flatMap((child) => classOf(child) ?? []).find((each) => !isPlain(each) && !shapeClass.test(each))
        if (name !== undefined) refuseModule(name, path)
      }
      const [other] = [...found].filter((name) => !/^ReLU6?$/.test(name))
      if (other !== undefined) refuseActivations(other.slice(0, 100))
      if (found.has('ReLU') && found.has('ReLU6')) refuseActivations('ReLU in some layers, and ReLU6 in others')
      for (const path of [stem, ...blocks]) checkConvolution(moduleAt(metadata, path), path)
      const strides = depthwise.map((path) => sideOf(moduleAt(metadata, path)?.stride))
      return {
        activation: found.has('ReLU6') ? 'relu6' : found.has('ReLU') ? 'relu' : undefined,
        strides: strides.includes(undefined) ? null : (strides as number[]),
      }
    },
    pool() {
      const classes = classesIn(metadata)
      const other = classes.find((name) => otherPool.test(name))
      const pools = new Set(classes.flatMap((name) => /^(?:Adaptive)?(Avg|Max)Pool2d$/.exec(name)?.[1] ?? []))
      if (other === undefined && pools.size < 2) return pools.has('Max') ? 'max' : pools.has('Avg') ? 'average' : undefined
      throw new CheckpointError('The network pools its last map in a way that is not read.', {
        expected: 'one pool: the average or the maximum',
        got: (other ?? 'both pools').slice(0, 100),
        remedy: 'If only the average or only the maximum is used, give the option architecture.pool.',
      })
    },
    checkDense(path) {
      const name = classOf(moduleAt(metadata, path))
      const isPlain = name === null || (/^(\w*Linear|Conv2d\w*)$/.test(name) && !/^(Cos|Norm|Arc)/i.test(name))
      if (isPlain) return
      throw new CheckpointError('A layer of the head is of a class whose computation is not known.', {
        tensor: path,
        expected: 'Linear',
        got: name,
        remedy: 'Export the network as ONNX, whose graph says what it computes.',
      })
    },
    activationBetween(left, right) {
      const [from, to] = [numberedPath(left), numberedPath(right)]
      if (from === null || to === null || from.parent !== to.parent || !/(^|\.)$/.test(from.parent)) return null
      const nodes: ModuleNode[] = []
      for (let index = from.index + 1; index < to.index; index++) {
        const node = moduleAt(metadata, `${from.parent}${index}`)
        if (node === undefined) return null
        nodes.push(node)
      }
      const found = nodes.map((node) => {
        const activation = activationOf(node)
        if (activation !== undefined) return activation
        throw new CheckpointError('A module between two dense layers is not known.', {
          got: `${classOf(node)} after ${left}`,
        })
      })
      const [activation = 'linear', second] = found.filter((one) => one !== null)
      if (second !== undefined)
        throw new CheckpointError('Two activations follow a dense layer.', { got: `${activation}, ${second}` })
      return activation
    },
    factsOf({ stem, norm, prefix, activation }, last) {
      const [convolution, batchNorm] = [moduleAt(metadata, stem), norm === null ? undefined : moduleAt(metadata, norm)]
      const [stride, padding] = [convolution?.stride, convolution?.padding]
      const root = moduleAt(metadata, prefix.replace(/\.$/, '')) ?? metadata
      // A file may contain the head only.
      const classes = new Set(convolution === undefined ? [] : classesIn(root))
      // Zeros that the convolution does not add itself are added before it. Programs do that to have TensorFlow's padding.
      const isSame = classOf(convolution) === 'Conv2dSame' || (Array.isArray(padding) && padding.every((zeros) => zeros === 0))
      return factsFrom(
        {
          // torchvision's FrozenBatchNorm2d may have an epsilon of 0.
          batchNormEpsilon: typeof batchNorm?.eps === 'number' ? batchNorm.eps || 1e-12 : undefined,
          stemStride: Array.isArray(stride) && typeof stride[0] === 'number' ? stride[0] : undefined,
          padding: isSame ? 'same' : Array.isArray(padding) && padding[0] === 1 ? 'symmetric' : undefined,
          activation: activation ?? (classes.has('ReLU6') ? 'relu6' : classes.has('ReLU') ? 'relu' : undefined),
          output: last === null ? undefined : outputAfter(metadata, last),
        },
        'the modules in the file say so',
      )
    },
  }
}
