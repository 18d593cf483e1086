/**
 * The program of each worker as the text of a CommonJS module, because a bundler might not copy a separate file. `session.ts` has the types
 * of the messages. The first message opens the session; `close` ends the worker. `unfinished` counts the messages that are not answered
 * yet, for `exit-guard.ts`.
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
    // Asks for all outputs: if it is asked for some, onnxruntime-node 1.22 confuses their names.
    const results = await session.run({ input: new ort.Tensor('float32', input, shape) })
    return { results: outputs.map((name) => results[name].data), input }
  },
  async close() {
    await session?.release()
    parentPort.close()
  },
}

parentPort.on('message', async (message) => {
  try {
    const done = (await tasks[message.task](message)) ?? null
    parentPort.postMessage({ done }, done === null ? [] : [done.input.buffer])
  } catch (error) {
    parentPort.postMessage({ error: String(error?.message ?? error) })
  } finally {
    Atomics.sub(unfinished, 0, 1)
    Atomics.notify(unfinished, 0)
  }
})
`
