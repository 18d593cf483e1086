// A worker thread with its own classifier. It takes photos until the shared counter exceeds their number.
import { parentPort, workerData } from 'node:worker_threads'
import { type PipelineModel, warmUp } from './classifier.js'
import { type ClassifierName, wayOf } from './classifiers.js'

/** The data of a worker. */
export interface WorkerTask {
  readonly name: ClassifierName
  readonly model: PipelineModel
  readonly photos: readonly string[]
  /** The number of the next photo that no worker has taken. */
  readonly next: Int32Array
}

const { name, model, photos, next }: WorkerTask = workerData
const classifier = await wayOf(name).open(model)

for (const photo of photos.slice(0, warmUp)) await classifier.classify(photo)
parentPort!.postMessage('ready')
parentPort!.once('message', async () => {
  for (let index = Atomics.add(next, 0, 1); index < photos.length; index = Atomics.add(next, 0, 1)) {
    await classifier.classify(photos[index]!)
  }
  parentPort!.postMessage('done')
})
