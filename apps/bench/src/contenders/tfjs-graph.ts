import type { loadGraphModel } from '@tensorflow/tfjs-converter'
import type { io, setBackend, Tensor, tensor4d, tidy } from '@tensorflow/tfjs-core'
import { fileOf, type Runner, type Task } from '../contender.js'

/** The part of TensorFlow.js that this bench uses. tfjs-core and tfjs-converter together have it; tfjs-node has all of it. */
export interface Tensorflow {
  readonly setBackend: typeof setBackend
  readonly tensor4d: typeof tensor4d
  readonly tidy: typeof tidy
  readonly io: typeof io
  readonly loadGraphModel: typeof loadGraphModel
}

interface ModelJson {
  readonly modelTopology: object
  readonly weightsManifest: [{ readonly paths: string[]; readonly weights: io.WeightsManifestEntry[] }]
}

/** A graph model on one of TensorFlow.js's backends. Each run makes that backend the current one. */
export async function prepareGraphModel(
  tf: Tensorflow,
  backend: string,
  task: Task,
  device: string | null = null,
): Promise<Runner> {
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js cannot start its backend ${backend} here`)
  const { modelTopology, weightsManifest } = JSON.parse(new TextDecoder().decode(fileOf(task, 'model.json'))) as ModelJson
  const [{ paths, weights }] = weightsManifest
  const weightData = paths.map((path) => fileOf(task, path).slice().buffer)
  const model = await tf.loadGraphModel(tf.io.fromMemory({ modelTopology, weightSpecs: weights, weightData }))
  const { height, width, channels } = task.picture
  const shape: [number, number, number, number] = [task.batch, height, width, channels]
  return {
    device,
    async run() {
      await tf.setBackend(backend)
      const output = tf.tidy(() => model.execute(tf.tensor4d(task.input, shape)) as Tensor)
      const logits = await output.data<'float32'>()
      output.dispose()
      return logits
    },
  }
}
