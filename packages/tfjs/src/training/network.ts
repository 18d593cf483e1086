import { type HeadActivation, isWeighted, type Layer, type LayerId, type WeightedLayer } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'
import { tidied } from '../tidied.js'
import { refuseActivation } from '../unknown.js'
import { batchNorm, batchNormGradients, type Normalized } from './batch-norm.js'
import { linear, linearGradients } from './linear.js'
import { channelSums, forEachPicture, pictureMeans } from './rows.js'

/** The name of a tensor of a layer, such as `block1.expand.gamma`. */
export type TensorName = `${LayerId}.${'kernel' | 'bias' | 'gamma' | 'beta' | 'mean' | 'variance'}`

/** The tensors of the trained layers, or their gradients. */
export type NamedTensors = ReadonlyMap<TensorName, tf.Tensor>

/** The input of the trained layers. */
export interface NetworkInput {
  readonly pictures: number
  /** The output of the layer before, `[positions, pictures x channels]`; for a full convolution, its `patches`. */
  readonly before: tf.Tensor
  /** The outputs of frozen layers that trained layers add as residuals, `[positions, pictures x channels]`. */
  readonly shortcuts: ReadonlyMap<LayerId, tf.Tensor>
  /** `[1, pictures x features]`: 0 where a feature is dropped, 1 / (1 - rate) elsewhere; null for no dropout. */
  readonly dropout: tf.Tensor | null
}

/** What is kept of one layer's forward pass for its gradients. */
interface Trace {
  readonly layer: Layer
  readonly saved: tf.Tensor
  /** The output before the activation, `[positions, pictures x channels]`; null for a pool. */
  readonly linearOutput: tf.Tensor | null
  readonly normalized: Normalized | null
}

/** A forward pass: the logits, and a trace of every trained layer. */
export interface ForwardPass {
  readonly pictures: number
  /** `[pictures, classes]` */
  readonly logits: tf.Tensor
  readonly traces: readonly Trace[]
}

function activate(activation: HeadActivation, x: tf.Tensor): tf.Tensor {
  switch (activation) {
    case 'linear':
      return x
    case 'relu':
      return tf.relu(x)
    case 'relu6':
      return tf.relu6(x)
    default:
      return refuseActivation(activation)
  }
}

/** Swaps positions and pictures, because a dense layer takes the maps picture by picture. */
function swapped(x: tf.Tensor, first: number, second: number): tf.Tensor {
  return first === 1 || second === 1 ? x : tf.transpose(tf.reshape(x, [first, second, x.size / (first * second)]), [1, 0, 2])
}

function weightedForward(
  layer: WeightedLayer,
  tensors: NamedTensors,
  x: tf.Tensor,
  pictures: number,
  epsilon: number,
): Omit<Trace, 'layer'> & { output: tf.Tensor } {
  const { output: product, saved } = linear(layer, tensors.get(`${layer.id}.kernel`)!, x, pictures)
  const gamma = tensors.get(`${layer.id}.gamma`)
  let normalized: Normalized | null = null
  let linearOutput: tf.Tensor
  if (gamma === undefined)
    linearOutput = tf.add(product, forEachPicture(tensors.get(`${layer.id}.bias`)!, layer.biasLength, pictures))
  else {
    normalized = batchNorm(product, { gamma, beta: tensors.get(`${layer.id}.beta`)! }, pictures, epsilon)
    linearOutput = normalized.output
  }
  return { output: activate(layer.activation, linearOutput), saved, linearOutput, normalized }
}

/**
 * Runs the trained layers, with BatchNorm by the statistics of the batch. Call it in a tidy that ends after `backward`.
 * @param layers the last layers of a network, classifier included
 */
export function forward(
  layers: readonly Layer[],
  tensors: NamedTensors,
  { pictures, before, shortcuts, dropout }: NetworkInput,
  epsilon: number,
): ForwardPass {
  const outputs = new Map(shortcuts)
  const traces: Trace[] = []
  let x = before
  for (const layer of layers) {
    if (!isWeighted(layer)) {
      traces.push({ layer, saved: x, linearOutput: null, normalized: null })
      x = tf.reshape(pictureMeans(x, pictures), [1, x.shape[1]!])
    } else {
      const positions = layer.input.height * layer.input.width
      const rows = layer.kind === 'dense' ? tf.reshape(swapped(x, positions, pictures), [1, x.size]) : x
      const input = layer.id === 'classifier' && dropout !== null ? tf.mul(rows, dropout) : rows
      const { output, ...trace } = tidied(() => weightedForward(layer, tensors, input, pictures, epsilon))
      traces.push({ layer, ...trace })
      x = output
    }
    if (layer.residual !== null) x = tf.add(x, outputs.get(layer.residual)!)
    outputs.set(layer.id, x)
  }
  return { pictures, logits: tf.reshape(x, [pictures, x.size / pictures]), traces }
}

/** The gradient with respect to an activation's input. It passes if the input lies strictly between the bounds, as in PyTorch. */
function throughActivation(activation: HeadActivation, input: tf.Tensor, gradient: tf.Tensor): tf.Tensor {
  switch (activation) {
    case 'linear':
      return gradient
    case 'relu':
      return tf.mul(gradient, tf.step(input))
    case 'relu6':
      // x (6 - x) is above 0 only strictly between the bounds.
      return tf.mul(gradient, tf.step(tf.mul(input, tf.sub(6, input))))
    default:
      return refuseActivation(activation)
  }
}

function weightedBackward(
  layer: WeightedLayer,
  tensors: NamedTensors,
  { saved, linearOutput, normalized }: Trace,
  gradient: tf.Tensor,
  pictures: number,
  needsInput: boolean,
): { input: tf.Tensor | null; own: Record<string, tf.Tensor> } {
  const beforeActivation = throughActivation(layer.activation, linearOutput!, gradient)
  const kernel = tensors.get(`${layer.id}.kernel`)!
  if (normalized === null) {
    const { kernel: ofKernel, input } = linearGradients(layer, kernel, saved, beforeActivation, pictures, needsInput)
    return { input, own: { kernel: ofKernel, bias: channelSums(beforeActivation, pictures) } }
  }
  const {
    gamma,
    beta,
    input: product,
  } = batchNormGradients(normalized, tensors.get(`${layer.id}.gamma`)!, beforeActivation, pictures)
  const { kernel: ofKernel, input } = linearGradients(layer, kernel, saved, product, pictures, needsInput)
  return { input, own: { kernel: ofKernel, gamma, beta } }
}

/**
 * The gradients of the loss with respect to every kernel, bias, gamma and beta of the trained layers. Call it in the tidy of `forward`.
 * @param gradient the gradient of the loss with respect to the logits, `[pictures, classes]`
 */
export function backward(
  { traces, pictures }: ForwardPass,
  tensors: NamedTensors,
  dropout: tf.Tensor | null,
  gradient: tf.Tensor,
): NamedTensors {
  const gradients = new Map<TensorName, tf.Tensor>()
  const trained = new Set(traces.map(({ layer }) => layer.id))
  const ofOutputs = new Map<LayerId, tf.Tensor>()
  const collect = (id: LayerId, part: tf.Tensor): void => {
    const others = ofOutputs.get(id)
    ofOutputs.set(id, others === undefined ? part : tf.add(others, part))
  }
  collect(traces.at(-1)!.layer.id, tf.reshape(gradient, [1, gradient.size]))
  for (let place = traces.length - 1; place >= 0; place--) {
    const trace = traces[place]!
    const { layer } = trace
    const ofOutput = ofOutputs.get(layer.id)!
    const previous = traces[place - 1]?.layer.id
    if (layer.residual !== null && trained.has(layer.residual)) collect(layer.residual, ofOutput)
    if (!isWeighted(layer)) {
      if (previous === undefined) continue
      const positions = layer.input.height * layer.input.width
      collect(previous, tf.mul(ofOutput, tf.fill([positions, 1], 1 / positions)))
      continue
    }
    const { input, own } = tidied(() => weightedBackward(layer, tensors, trace, ofOutput, pictures, previous !== undefined))
    for (const [name, tensor] of Object.entries(own)) gradients.set(`${layer.id}.${name}` as TensorName, tensor)
    if (input === null || previous === undefined) continue
    const dropped = layer.id === 'classifier' && dropout !== null ? tf.mul(input, dropout) : input
    const positions = layer.input.height * layer.input.width
    const rows = layer.kind === 'dense' ? swapped(dropped, pictures, positions) : dropped
    collect(previous, tf.reshape(rows, [positions, rows.size / positions]))
  }
  return gradients
}
