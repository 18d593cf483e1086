import { type HeadActivation, isWeighted, type Layer, type LayerId, type Shape, type WeightedLayer } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'
import { tidied } from '../tidied.js'
import { refuseActivation } from '../unknown.js'
import { batchNorm, batchNormGradients, type Normalized } from './batch-norm.js'
import { columnSums, linear, linearGradients } from './linear.js'

/** The name of one of a layer's tensors: `block1.expand.gamma`. */
export type TensorName = `${LayerId}.${'kernel' | 'bias' | 'gamma' | 'beta' | 'mean' | 'variance'}`

/** The tensors of the layers that train, or one of a kind (gradient, momentum) for each of them. */
export type NamedTensors = ReadonlyMap<TensorName, tf.Tensor>

/** What the trained part of a network is given. */
export interface NetworkInput {
  /** The output of the layer before, or the pictures. */
  readonly before: tf.Tensor
  /** Outputs of layers that do not train, where a residual of one that does adds them. */
  readonly shortcuts: ReadonlyMap<LayerId, tf.Tensor>
  /** `[batch, features]`: 0 where a feature is dropped, 1 / (1 - rate) elsewhere; null for no dropout. */
  readonly dropout: tf.Tensor | null
}

/** What one layer leaves behind for its gradients. */
interface Trace {
  readonly layer: Layer
  readonly saved: tf.Tensor
  /** Before the activation, rows of positions; null in the pool. */
  readonly linearOutput: tf.Tensor | null
  readonly normalized: Normalized | null
}

/** A forward pass: the logits, and a trace of every layer that trains. */
export interface ForwardPass {
  /** `[batch, classes]` */
  readonly logits: tf.Tensor
  readonly traces: readonly Trace[]
  /** The running averages after this batch. */
  readonly averages: NamedTensors
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

function shapeOf({ height, width, channels }: Shape, batch: number): number[] {
  return [batch, height, width, channels]
}

function weightedForward(
  layer: WeightedLayer,
  tensors: NamedTensors,
  x: tf.Tensor,
  epsilon: number,
): Omit<Trace, 'layer'> & { output: tf.Tensor } {
  const { output: product, saved } = linear(layer, tensors.get(`${layer.id}.kernel`)!, x)
  const gamma = tensors.get(`${layer.id}.gamma`)
  let normalized: Normalized | null = null
  let linearOutput: tf.Tensor
  if (gamma === undefined) linearOutput = tf.add(product, tensors.get(`${layer.id}.bias`)!)
  else {
    const [beta, mean, variance] = (['beta', 'mean', 'variance'] as const).map((name) => tensors.get(`${layer.id}.${name}`)!)
    normalized = batchNorm(product, { gamma, beta: beta! }, { mean: mean!, variance: variance! }, epsilon)
    linearOutput = normalized.output
  }
  return { output: activate(layer.activation, linearOutput), saved, linearOutput, normalized }
}

/**
 * Runs the layers that train, BatchNorm with the batch's statistics. To be called inside a tidy, which ends after `backward`.
 * @param layers the last layers of a network, classifier included
 */
export function forward(
  layers: readonly Layer[],
  tensors: NamedTensors,
  { before, shortcuts, dropout }: NetworkInput,
  epsilon: number,
): ForwardPass {
  const outputs = new Map(shortcuts)
  const averages = new Map<TensorName, tf.Tensor>()
  const traces: Trace[] = []
  const batch = before.shape[0]!
  let x = before
  for (const layer of layers) {
    if (!isWeighted(layer)) {
      traces.push({ layer, saved: x, linearOutput: null, normalized: null })
      x = tf.mean(x, [1, 2])
    } else {
      // A dense layer takes a map as it lies in memory.
      const rows = layer.kind === 'dense' ? tf.reshape(x, [batch, layer.kernelShape[0]]) : x
      const input = layer.id === 'classifier' && dropout !== null ? tf.mul(rows, dropout) : rows
      const { output, ...trace } = tidied(() => weightedForward(layer, tensors, input, epsilon))
      traces.push({ layer, ...trace })
      if (trace.normalized !== null) {
        averages.set(`${layer.id}.mean`, trace.normalized.mean)
        averages.set(`${layer.id}.variance`, trace.normalized.variance)
      }
      x = layer.kind === 'dense' ? output : tf.reshape(output, shapeOf(layer.output, batch))
    }
    if (layer.residual !== null) x = tf.add(x, outputs.get(layer.residual)!)
    outputs.set(layer.id, x)
  }
  return { logits: x, traces, averages }
}

/** A gradient as an activation lets it through: where its input lies strictly between its bounds, as PyTorch has it. */
function throughActivation(activation: HeadActivation, input: tf.Tensor, gradient: tf.Tensor): tf.Tensor {
  switch (activation) {
    case 'linear':
      return gradient
    case 'relu':
      return tf.mul(gradient, tf.step(input))
    case 'relu6':
      return tf.mul(gradient, tf.mul(tf.step(input), tf.step(tf.sub(6, input))))
    default:
      return refuseActivation(activation)
  }
}

function weightedBackward(
  layer: WeightedLayer,
  tensors: NamedTensors,
  { saved, linearOutput, normalized }: Trace,
  gradient: tf.Tensor,
  needsInput: boolean,
): { input: tf.Tensor | null; own: Record<string, tf.Tensor> } {
  const rows = tf.reshape(gradient, linearOutput!.shape)
  const beforeActivation = throughActivation(layer.activation, linearOutput!, rows)
  const kernel = tensors.get(`${layer.id}.kernel`)!
  if (normalized === null) {
    const { kernel: ofKernel, input } = linearGradients(layer, kernel, saved, beforeActivation, needsInput)
    return { input, own: { kernel: ofKernel, bias: columnSums(beforeActivation) } }
  }
  const { gamma, beta, input: product } = batchNormGradients(normalized, tensors.get(`${layer.id}.gamma`)!, beforeActivation)
  const { kernel: ofKernel, input } = linearGradients(layer, kernel, saved, product, needsInput)
  return { input, own: { kernel: ofKernel, gamma, beta } }
}

/**
 * The gradients of the loss with respect to every kernel, bias, gamma and beta of the layers that train. To be called in the tidy
 * of `forward`.
 * @param gradient the loss's with respect to the logits, `[batch, classes]`
 */
export function backward(
  { traces }: ForwardPass,
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
  collect(traces.at(-1)!.layer.id, gradient)
  for (let place = traces.length - 1; place >= 0; place--) {
    const trace = traces[place]!
    const { layer, saved } = trace
    const ofOutput = ofOutputs.get(layer.id)!
    const previous = traces[place - 1]?.layer.id
    if (layer.residual !== null && trained.has(layer.residual)) collect(layer.residual, ofOutput)
    if (!isWeighted(layer)) {
      if (previous === undefined) continue
      const { height, width, channels } = layer.input
      const share = tf.div(tf.reshape(ofOutput, [saved.shape[0]!, 1, 1, channels]), height * width)
      collect(previous, tf.tile(share, [1, height, width, 1]))
      continue
    }
    const { input, own } = tidied(() => weightedBackward(layer, tensors, trace, ofOutput, previous !== undefined))
    for (const [name, tensor] of Object.entries(own)) gradients.set(`${layer.id}.${name}` as TensorName, tensor)
    if (input === null || previous === undefined) continue
    const dropped = layer.id === 'classifier' && dropout !== null ? tf.mul(input, dropout) : input
    collect(previous, tf.reshape(dropped, shapeOf(layer.input, saved.shape[0]!)))
  }
  return gradients
}
