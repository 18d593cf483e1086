// A worker thread with a classifier of its own, which takes photos until the shared counter is beyond their number.
import { parentPort, workerData } from 'node:worker_threads'
import { type PipelineModel, warmUp } from './classifier.js'
import { type ClassifierName, wayOf } from './classifiers.js'

/** What a worker is given. */
export interface WorkerTask {
  readonly name: ClassifierName
  readonly model: PipelineModel
  readonly photos: readonly string[]
  /** The number of the next photo that nobody has taken. */
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
