import {
  type Architecture,
  type CompiledModel,
  type MemoryUse,
  MobileNetV2Error,
  type OutputName,
  outputLayerId,
} from '@mobilenetv2/spec'
import type { Plan } from '../planner/plan.js'
import { checkBatch, checkInput } from './check-run.js'
import type { Engine } from './engine.js'
import { createQueue } from './queue.js'

/** What a compiled model stands on. */
export interface Machine {
  readonly architecture: Architecture
  readonly plan: Plan
  readonly engine: Engine
  /** Opens another engine, after the device of the one before was lost. */
  open(): Promise<Engine>
}

/** Pictures that run at once. More make a device no busier, and take memory. */
const mostPictures = 8

const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

/** The promise's result, or the signal's reason as soon as it is aborted. */
function abortable<Result>(promise: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

function write({ lease }: Engine, picture: GPUBuffer, values: Float32Array): void {
  // A view of shared memory is not taken everywhere.
  const own = values.buffer instanceof ArrayBuffer ? (values as Float32Array<ArrayBuffer>) : new Float32Array(values)
  lease.device.queue.writeBuffer(picture, 0, own)
}

/** A model whose pipelines are compiled and whose weights are uploaded. */
export function createCompiledModel(machine: Machine): CompiledModel {
  const { architecture, plan, open } = machine
  const { height, width, channels } = architecture.input
  const pictureLength = height * width * channels
  const enqueue = createQueue()
  let engine: Engine | null = machine.engine
  let isDisposed = false
  const { name: device } = machine.engine.lease

  const checkAlive = (): void => {
    if (isDisposed) throw new MobileNetV2Error('DISPOSED', 'The model was used after its dispose().')
  }

  /** The engine; another one where its device was lost. */
  const ready = async (): Promise<Engine> => {
    checkAlive()
    if (engine !== null && engine.lease.lost() === null) return engine
    engine?.dispose()
    engine = null
    const opened = await open()
    if (isDisposed) opened.dispose()
    checkAlive()
    engine = opened
    return opened
  }

  /** Does work on the engine, and says why it ended where it ends because the model or the device is gone. */
  const withEngine = async <Result>(work: (engine: Engine) => Promise<Result>): Promise<Result> => {
    const current = await ready()
    try {
      return await work(current)
    } catch (cause) {
      checkAlive()
      // The loss may be reported after the failures that it causes.
      await nextTask()
      const lost = current.lease.lost()
      if (lost === null) throw cause
      throw new MobileNetV2Error('BACKEND', 'The device was lost while the model ran.', {
        where: device,
        got: lost,
        remedy: current.lease.isReplaceable ? 'Run it again: it opens a device anew.' : 'Compile it again with another device.',
        cause,
      })
    }
  }

  const runPictures = async <Output extends OutputName>(
    current: Engine,
    input: Float32Array,
    batch: number,
    outputs: readonly Output[],
    signal: AbortSignal | undefined,
  ): Promise<Readonly<Record<Output, Float32Array>>> => {
    const lengths = outputs.map((name) => plan.results[name]!.pixels * plan.results[name]!.channels)
    const results = lengths.map((length) => new Float32Array(batch * length))
    for (let first = 0; first < batch && outputs.length > 0; first += mostPictures) {
      signal?.throwIfAborted()
      checkAlive()
      const count = Math.min(mostPictures, batch - first)
      const part = input.subarray(first * pictureLength, (first + count) * pictureLength)
      const read = await current.run((picture) => write(current, picture, part), count, outputs)
      results.forEach((result, index) => {
        result.set(read[index]!, first * lengths[index]!)
      })
    }
    return Object.fromEntries(outputs.map((name, index) => [name, results[index]])) as Record<Output, Float32Array>
  }

  const dispose = (): void => {
    isDisposed = true
    engine?.dispose()
    engine = null
  }

  return {
    backend: 'webgpu',
    device,
    architecture,
    async run(input, { batch = 1, outputs = ['logits'] as never, signal } = {}) {
      signal?.throwIfAborted()
      checkAlive()
      checkBatch(batch)
      checkInput(architecture, input.length, batch)
      for (const name of outputs) outputLayerId(architecture, name)
      const names = [...new Set(outputs)]
      const task = (): ReturnType<typeof runPictures<(typeof names)[number]>> =>
        withEngine((current) => runPictures(current, input, batch, names, signal))
      return abortable(enqueue(task), signal)
    },
    async profile() {
      checkAlive()
      return enqueue(() => withEngine((current) => current.profile()))
    },
    memory(): MemoryUse {
      if (engine === null) return { weights: 0, activations: 0, scratch: 0, code: 0 }
      return { weights: plan.weightBytes, activations: engine.activationBytes(), scratch: 0, code: engine.codeBytes }
    },
    dispose,
    [Symbol.dispose]: dispose,
  }
}
