import { createCompiledModel, createPause, disposedError, type Run } from '@mobilenetv2/runtime'
import {
  type Architecture,
  activationMemory,
  type CompiledModel,
  foldedParameterCount,
  type LayerTime,
  type OutputName,
} from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'
import { checkTensor } from './check-tensor.js'
import { type DeviceParameters, disposeParameters } from './device-parameters.js'
import { checkTfjsBackend, requireTfjsBackend, takeTurn } from './tfjs-backend.js'
import { walk } from './walk.js'

/** A model whose weights are tensors of one backend of TensorFlow.js. */
export interface TfjsModel extends CompiledModel {
  /**
   * Runs the network on a tensor and gives tensors, which the caller disposes of. The input tensor is not disposed of. The call is
   * synchronous and reads nothing back from the device, so that it can stand inside a `tf.tidy`.
   * @param input float32 `[batch, height, width, 3]`, normalised as the network expects
   * @param outputs `logits` unless given: `[batch, classes]`, or of a truncated network the last layer's output; `features`:
   * `[batch, channels of the last map]`
   * @throws MobileNetV2Error `INPUT` if the tensor is disposed of or does not fit, or the network has no such output; `DISPOSED` after
   * `dispose`; `BACKEND` if another backend of TensorFlow.js is current
   * @example
   * ```ts
   * import type { TfjsModel } from '@mobilenetv2/tfjs'
   * import * as tf from '@tensorflow/tfjs-core'
   *
   * function classOf(model: TfjsModel, picture: tf.Tensor4D): number {
   *   return tf.tidy(() => tf.argMax(model.execute(picture).logits, 1).dataSync()[0]!)
   * }
   * ```
   */
  execute<Output extends OutputName = 'logits'>(input: tf.Tensor4D, outputs?: readonly Output[]): Record<Output, tf.Tensor>
}

/** What a model needs. */
export interface TfjsMachine {
  readonly architecture: Architecture
  /** The backend of TensorFlow.js that each run makes the current one; undefined if each run only checks that `device` is current. */
  readonly backend: string | undefined
  /** The backend that holds the parameters, in the words of `CompiledModel.device`. */
  readonly device: string
  /** The model owns them. */
  readonly parameters: DeviceParameters
}

async function read<Output extends OutputName>(results: Record<Output, tf.Tensor>): Promise<Record<Output, Float32Array>> {
  const values: Partial<Record<Output, Float32Array>> = {}
  for (const [name, tensor] of Object.entries(results) as [Output, tf.Tensor][]) {
    values[name] = (await tensor.data<'float32'>()).slice()
  }
  return values as Record<Output, Float32Array>
}

/** Frees the tensors of an unfinished walk. A finished walk holds none. */
function free(walking: { return(value: never): unknown }): void {
  walking.return({} as never)
}

/** Makes the model of parameters that are on the device. */
export function createTfjsModel({ architecture, backend, device, parameters }: TfjsMachine): TfjsModel {
  let largestBatch = 1
  let disposed = false

  /** Makes the model's backend the current one, or checks that it is. */
  async function useBackend(): Promise<void> {
    await requireTfjsBackend(backend)
    checkTfjsBackend(device)
  }

  async function walkLayers<Output extends OutputName>(
    input: tf.Tensor4D,
    outputs: readonly Output[],
    throwIfEnded: () => void,
  ): Promise<Record<Output, tf.Tensor>> {
    const walking = walk(architecture, parameters, input, outputs)
    try {
      const pause = createPause()
      for (;;) {
        throwIfEnded()
        checkTfjsBackend(device)
        const { done, value } = walking.next()
        if (done) return value
        await pause()
      }
    } finally {
      free(walking)
    }
  }

  async function run<Output extends OutputName>({
    input,
    batch,
    outputs,
    throwIfEnded,
  }: Run<Output>): Promise<Record<Output, Float32Array>> {
    await useBackend()
    const { height, width, channels } = architecture.input
    // A copy, because some backends read the array only when the first operation runs.
    const pixels = tf.tensor4d(input.slice(), [batch, height, width, channels])
    let results: Record<Output, tf.Tensor> | null = null
    try {
      results = await walkLayers(pixels, outputs, throwIfEnded)
      largestBatch = Math.max(largestBatch, batch)
      return await read(results)
    } finally {
      pixels.dispose()
      if (results !== null) tf.dispose(results)
    }
  }

  async function profile(throwIfEnded: () => void): Promise<LayerTime[]> {
    await useBackend()
    const { height, width, channels } = architecture.input
    const pixels = tf.zeros<tf.Rank.R4>([1, height, width, channels])
    const times: LayerTime[] = []
    try {
      // The first round compiles the kernels.
      for (const timed of [false, true]) {
        let start = performance.now()
        const walking = walk(architecture, parameters, pixels, ['logits'])
        try {
          for (let step = walking.next(); ; step = walking.next()) {
            if (step.done) {
              tf.dispose(step.value)
              break
            }
            const { layer, output } = step.value
            await output.data()
            throwIfEnded()
            checkTfjsBackend(device)
            if (timed) times.push({ layers: [layer.id], milliseconds: performance.now() - start })
            start = performance.now()
          }
        } finally {
          free(walking)
        }
      }
      return times
    } finally {
      pixels.dispose()
    }
  }

  const model = createCompiledModel({
    backend: 'tfjs',
    device,
    architecture,
    queue: takeTurn,
    run,
    profile,
    memory: () => ({
      weights: foldedParameterCount(architecture) * Float32Array.BYTES_PER_ELEMENT,
      activations: largestBatch * activationMemory(architecture, 'layer').peakBytes,
      scratch: 0,
      code: 0,
    }),
    dispose() {
      disposed = true
      disposeParameters(parameters)
    },
  })
  return {
    ...model,
    execute<Output extends OutputName = 'logits'>(input: tf.Tensor4D, outputs: readonly Output[] = ['logits' as Output]) {
      if (disposed) throw disposedError()
      checkTfjsBackend(device)
      checkTensor(architecture, input, outputs)
      const walking = walk(architecture, parameters, input, outputs)
      for (;;) {
        const { done, value } = walking.next()
        if (done) return value
      }
    },
  }
}
