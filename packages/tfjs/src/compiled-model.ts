import {
  type Architecture,
  activationMemory,
  type CompiledModel,
  checkRun,
  createPause,
  isWeighted,
  kernelLength,
  type LayerTime,
  MobileNetV2Error,
  type OutputName,
  type RunOptions,
} from '@mobilenetv2/spec'
import * as tf from '@tensorflow/tfjs-core'
import { checkTensor } from './check.js'
import { type DeviceParameters, disposeParameters } from './device-parameters.js'
import { checkTfjsBackend, requireTfjsBackend, takeTurn } from './tfjs-backend.js'
import { walk } from './walk.js'

/** A model whose weights are tensors of the tfjs backend that was set when it was compiled. */
export interface TfjsModel extends CompiledModel {
  /**
   * Runs the network on a tensor and gives tensors, which the caller disposes of; the input stays. Nothing is read back, and it may
   * stand inside a `tf.tidy`.
   * @param input float32 `[batch, height, width, 3]`, normalised as the model expects
   * @returns logits `[batch, classes]` (of a truncated network, its last layer's output) and features `[batch, head channels]`, as asked for
   * @throws MobileNetV2Error `INPUT` where the tensor is disposed of or does not fit; `DISPOSED` after dispose; `BACKEND` where tfjs
   * was switched to another backend
   */
  execute<Output extends OutputName = 'logits'>(input: tf.Tensor4D, outputs?: readonly Output[]): Record<Output, tf.Tensor>
}

const bytesPerValue = 4

function weightBytes({ layers }: Architecture): number {
  return layers.reduce((sum, layer) => sum + (isWeighted(layer) ? kernelLength(layer) + layer.biasLength : 0) * bytesPerValue, 0)
}

/** What a model stands on. */
export interface TfjsMachine {
  readonly architecture: Architecture
  /** The backend of TensorFlow.js that each run makes the current one; undefined if each run only checks that `device` still is. */
  readonly backend: string | undefined
  /** The backend that holds the parameters, as `CompiledModel.device` says it. */
  readonly device: string
  /** The model owns them. */
  readonly parameters: DeviceParameters
}

/** A model whose parameters are on the device. */
export function createTfjsModel({ architecture, backend, device, parameters }: TfjsMachine): TfjsModel {
  let largestBatch = 1
  let disposed = false

  function checkAlive(): void {
    if (disposed) throw new MobileNetV2Error('DISPOSED', 'The model was used after its dispose().')
  }

  function checkReady(): void {
    checkAlive()
    checkTfjsBackend(device)
  }

  function toTensor(input: Float32Array, batch: number): tf.Tensor4D {
    const { height, width, channels } = architecture.input
    // Copied, as some backends read the array only when the first operation runs.
    return tf.tensor4d(input.slice(), [batch, height, width, channels])
  }

  async function runTensor<Output extends OutputName>(
    input: tf.Tensor4D,
    outputs: readonly Output[],
    signal: AbortSignal | undefined,
  ): Promise<Record<Output, tf.Tensor>> {
    const walking = walk(architecture, parameters, input, outputs)
    try {
      const pause = createPause()
      for (;;) {
        checkReady()
        signal?.throwIfAborted()
        const { done, value } = walking.next()
        if (done) return value
        await pause()
      }
    } finally {
      // Frees what an unfinished walk holds; a finished one has nothing left.
      walking.return({} as Record<Output, tf.Tensor>)
    }
  }

  async function read<Output extends OutputName>(results: Record<Output, tf.Tensor>): Promise<Record<Output, Float32Array>> {
    const values: Partial<Record<Output, Float32Array>> = {}
    for (const [name, tensor] of Object.entries(results) as [Output, tf.Tensor][]) {
      values[name] = (await tensor.data<'float32'>()).slice()
    }
    return values as Record<Output, Float32Array>
  }

  async function timeLayers(): Promise<LayerTime[]> {
    await requireTfjsBackend(backend)
    checkReady()
    const pixels = tf.zeros<tf.Rank.R4>([1, architecture.input.height, architecture.input.width, 3])
    const times: LayerTime[] = []
    try {
      // The first round compiles the kernels.
      for (const timed of [false, true]) {
        let start = performance.now()
        const walking = walk(architecture, parameters, pixels, ['logits'])
        for (let step = walking.next(); ; step = walking.next()) {
          if (step.done) {
            tf.dispose(step.value)
            break
          }
          const { layer, output } = step.value
          await output.data()
          checkReady()
          if (timed) times.push({ layers: [layer.id], milliseconds: performance.now() - start })
          start = performance.now()
        }
      }
      return times
    } finally {
      pixels.dispose()
    }
  }

  function dispose(): void {
    if (disposed) return
    disposed = true
    disposeParameters(parameters)
  }

  return {
    backend: 'tfjs',
    device,
    architecture,
    execute<Output extends OutputName = 'logits'>(input: tf.Tensor4D, outputs: readonly Output[] = ['logits' as Output]) {
      checkReady()
      checkTensor(architecture, input, outputs)
      const walking = walk(architecture, parameters, input, outputs)
      for (;;) {
        const { done, value } = walking.next()
        if (done) return value
      }
    },
    async run<Output extends OutputName = 'logits'>(
      input: Float32Array,
      { batch = 1, outputs = ['logits'] as Output[], signal }: RunOptions<Output> = {},
    ) {
      signal?.throwIfAborted()
      checkAlive()
      checkRun(architecture, input, batch, outputs)
      return takeTurn(async () => {
        await requireTfjsBackend(backend)
        checkReady()
        const pixels = toTensor(input, batch)
        let results: Record<Output, tf.Tensor> | null = null
        try {
          results = await runTensor(pixels, outputs, signal)
          largestBatch = Math.max(largestBatch, batch)
          return await read(results)
        } finally {
          pixels.dispose()
          if (results !== null) tf.dispose(results)
        }
      })
    },
    async profile() {
      checkAlive()
      return takeTurn(timeLayers)
    },
    memory: () => ({
      weights: weightBytes(architecture),
      activations: largestBatch * activationMemory(architecture, 'layer').peakBytes,
      scratch: 0,
      code: 0,
    }),
    dispose,
    [Symbol.dispose]: dispose,
  }
}
