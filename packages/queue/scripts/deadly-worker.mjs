// A worker whose process ends at the picture /deadly.jpg, as if a decoder crashed: `node deadly-worker.mjs QUEUE`.
import { setTimeout as pause } from 'node:timers/promises'
import { startWorker } from '../dist/index.js'

const worker = await startWorker({
  queue: process.argv[2],
  model: 'a model',
  lockSeconds: 1,
  async answer(picture) {
    await pause(20)
    if (picture === '/deadly.jpg') process.kill(process.pid, 'SIGKILL')
    return { top: null, embedding: null }
  },
})
process.once('SIGTERM', () => worker.stop())
await worker.ended
