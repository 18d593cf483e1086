import { type Architecture, inputLength, type LayerId } from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'
import { disposeParameters, uploadParameters } from '../device-parameters.js'
import { runLayer } from '../run-layer.js'
import { checkTfjsBackend } from '../tfjs-backend.js'
import { tidied } from '../tidied.js'
import { crossEntropy } from './loss.js'
import { backward, type ForwardPass, forward, type NamedTensors, type TensorName } from './network.js'
import { firstNotFinite, notFinite } from './not-finite.js'
import { type SgdStep, sgdStep } from './sgd.js'
import { disposeState, download, replaceArrays, replaceTensors, uploadLayers, uploadNamed } from './state.js'
import { splitLayers, type Trainable } from './trainable.js'
import { foldParameters, type UnfoldedParameters } from './unfolded.js'

/** One batch, as a step takes it. */
export interface Batch {
  /** float32 `[batch, height, width, 3]` */
  readonly pixels: Float32Array
  /** Class indices, one a picture. */
  readonly labels: readonly number[]
  /** `[batch, features]`: 0 where a feature is dropped, 1 / (1 - rate) elsewhere; null for no dropout. */
  readonly dropout: Float32Array | null
}

/** What a trainer starts from. */
export interface TrainerOptions {
  readonly architecture: Architecture
  readonly parameters: UnfoldedParameters
  readonly trainable: Trainable
  readonly labelSmoothing: number
  /** The tfjs backend that is set, as `requireTfjsBackend` names it. */
  readonly device: string
  readonly velocities?: ReadonlyMap<TensorName, Float32Array> | undefined
}

/** A network in training, on the device. */
export interface Trainer {
  /**
   * One step of gradient descent.
   * @param number the step's, for errors
   * @returns the batch's loss before the step
   * @throws MobileNetV2Error `PARAMETERS` if the loss or a gradient is no finite number; then nothing has been changed
   */
  step(batch: Batch, sgd: SgdStep, number: number): Promise<number>
  /** A copy of the parameters as they are now, those of layers that do not train included. */
  parameters(): Promise<UnfoldedParameters>
  /** A copy of the optimizer's velocities. */
  velocities(): Promise<ReadonlyMap<TensorName, Float32Array>>
  dispose(): void
}

/** One pass there and back: what `step` applies. To be called in a tidy. */
interface Pass {
  readonly loss: tf.Scalar
  readonly pass: ForwardPass
  readonly gradients: NamedTensors
}

type Entries = readonly (readonly [TensorName, tf.Tensor])[]

/** Puts a network on the device, ready to train. */
export function createTrainer({ architecture, parameters, trainable, labelSmoothing, device, ...rest }: TrainerOptions): Trainer {
  const { frozen, trained } = splitLayers(architecture, trainable)
  const fixed = uploadParameters({ ...architecture, layers: frozen }, foldParameters(architecture, parameters))
  const state = uploadLayers(trained, parameters)
  const velocities = uploadNamed(trained, rest.velocities ?? new Map())

  /** Runs the layers that do not train: the last one's output, and those that a later residual adds. */
  function enter(pixels: Float32Array, batch: number): { before: tf.Tensor; shortcuts: (readonly [LayerId, tf.Tensor])[] } {
    const { height, width } = architecture.input
    const outputs = new Map<LayerId, tf.Tensor>()
    let before: tf.Tensor = tf.tensor4d(pixels, [batch, height, width, 3])
    for (const layer of frozen) {
      before = runLayer(layer, fixed, before, layer.residual === null ? null : outputs.get(layer.residual)!)
      outputs.set(layer.id, before)
    }
    return { before, shortcuts: [...outputs].filter(([id]) => trained.some(({ residual }) => residual === id)) }
  }

  function run({ pixels, labels, dropout }: Batch): Pass {
    const { before, shortcuts } = tidied(() => enter(pixels, labels.length))
    const features = inputLength(architecture.layers.at(-1)!)
    const mask = dropout === null ? null : tf.tensor2d(dropout, [labels.length, features])
    const pass = forward(trained, state, { before, shortcuts: new Map(shortcuts), dropout: mask }, architecture.batchNormEpsilon)
    const { loss, gradient } = crossEntropy(pass.logits as tf.Tensor2D, labels, labelSmoothing)
    return { loss, pass, gradients: backward(pass, state, mask, gradient) }
  }

  /** The loss, and a number that is finite only where every gradient is. */
  function vitals({ loss, gradients }: Pass): tf.Tensor {
    return tidied(() => {
      const squares = [...gradients.values()].map((gradient): tf.Tensor => tf.sum(tf.square(gradient)))
      // Not addN: on the webgpu backend it fails with more tensors than a shader has bindings.
      const all = squares.reduce((sum, part) => tf.add(sum, part))
      return tf.stack([loss, all])
    })
  }

  /** What the step would make of the state; plain entries, as a tidy does not look into maps. */
  function propose({ pass, gradients }: Pass, sgd: SgdStep): { values: Entries; velocities: Entries } {
    const steps = [...gradients].map(
      ([name, gradient]) => [name, sgdStep(state.get(name)!, gradient, velocities.get(name) ?? null, sgd)] as const,
    )
    return {
      values: [...steps.map(([name, { value }]) => [name, value] as const), ...pass.averages],
      velocities: steps.map(([name, { velocity }]) => [name, velocity] as const),
    }
  }

  async function refuse(batch: Batch, number: number, loss: number): Promise<never> {
    const { outputs, gradients } = tidied(() => {
      const made = run(batch)
      const outputs = made.pass.traces.flatMap(({ layer, linearOutput }) =>
        linearOutput === null ? [] : [[`layer ${layer.id}`, linearOutput] as const],
      )
      const gradients = [...made.gradients].map(([name, tensor]) => [`gradient of ${name}`, tensor] as const)
      return { outputs, gradients }
    })
    try {
      throw notFinite(number, loss, (await firstNotFinite(outputs)) ?? (await firstNotFinite(gradients)))
    } finally {
      for (const [, tensor] of [...outputs, ...gradients]) tensor.dispose()
    }
  }

  return {
    async step(batch, sgd, number) {
      checkTfjsBackend(device)
      const made = tidied(() => {
        const pass = run(batch)
        return { vital: vitals(pass), ...propose(pass, sgd) }
      })
      const discard = (): void => {
        for (const [, tensor] of [...made.values, ...made.velocities]) tensor.dispose()
      }
      try {
        const [loss, squares] = (await made.vital.data()) as unknown as [number, number]
        if (!Number.isFinite(loss) || !Number.isFinite(squares)) await refuse(batch, number, loss)
        replaceTensors(state, made.values)
        replaceTensors(velocities, made.velocities)
        return loss
      } catch (error) {
        discard()
        throw error
      } finally {
        made.vital.dispose()
      }
    },
    async parameters() {
      return replaceArrays(parameters, await download(state))
    },
    velocities: () => download(velocities),
    dispose() {
      disposeState(state)
      disposeState(velocities)
      disposeParameters(fixed)
    },
  }
}
