/**
 * The program of each worker, as text of a CommonJS module: there is no file that a bundler could lose. The messages are those of
 * `session.ts`. The first opens the session, `close` ends the worker. `unfinished` counts the messages that are not done, for `exit-guard.ts`.
 */
export const workerSource = `
const { parentPort, workerData } = require('node:worker_threads')
const unfinished = new Int32Array(workerData.unfinished)
let ort
let session

const tasks = {
  async open({ model, options }) {
    ort = require(workerData.path)
    session = await ort.InferenceSession.create(model, options)
  },
  async run({ input, shape, outputs }) {
    // All outputs: onnxruntime-node 1.22 takes the names of some for those of others.
    const results = await session.run({ input: new ort.Tensor('float32', input, shape) })
    return outputs.map((name) => results[name].data)
  },
  async close() {
    await session?.release()
    parentPort.close()
  },
}

parentPort.on('message', async (message) => {
  try {
    parentPort.postMessage({ results: (await tasks[message.task](message)) ?? [] })
  } catch (error) {
    parentPort.postMessage({ error: String(error?.message ?? error) })
  } finally {
    Atomics.sub(unfinished, 0, 1)
    Atomics.notify(unfinished, 0)
  }
})
`
