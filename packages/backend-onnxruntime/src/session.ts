import { Worker } from 'node:worker_threads'
import { MobileNetV2Error, messageOf, type OutputName } from '@mobilenetv2/spec'
import { guardExit } from './exit-guard.js'
import type { ProviderName } from './providers.js'
import { workerSource } from './worker-source.js'

/** The options of ONNX Runtime's sessions that this backend uses. */
export interface SessionOptions {
  readonly executionProviders: readonly ProviderName[]
  readonly intraOpNumThreads?: number | undefined
  readonly extra?: { readonly session: { readonly disable_cpu_ep_fallback: '1' } } | undefined
  readonly enableProfiling?: boolean | undefined
  readonly profileFilePrefix?: string | undefined
}

type Message =
  | { readonly task: 'open'; readonly model: Uint8Array<ArrayBuffer>; readonly options: SessionOptions }
  | {
      readonly task: 'run'
      readonly input: Float32Array<ArrayBuffer>
      /** `[batch, height, width, channels]` */
      readonly shape: readonly number[]
      readonly outputs: readonly OutputName[]
    }
  | { readonly task: 'close' }

/** `done` is null unless the task was a run. */
type Answer = { readonly done: Results | null } | { readonly error: string }

/** What a run gives. */
export interface Results {
  /** The outputs, in the order of their names. */
  readonly results: readonly Float32Array[]
  /** The input, which comes back so that its memory can be reused. */
  readonly input: Float32Array<ArrayBuffer>
}

/** A session of ONNX Runtime in its own worker thread, because ONNX Runtime blocks the thread that calls it. */
export interface Session {
  /**
   * Runs the network. Only one run may be under way.
   * @param input `[batch, height, width, channels]`; its buffer is transferred to the worker, and back
   * @throws MobileNetV2Error `BACKEND` if ONNX Runtime fails
   */
  run(input: Float32Array<ArrayBuffer>, shape: readonly number[], outputs: readonly OutputName[]): Promise<Results>
  /** Frees the session and ends the worker. A run that is under way rejects with `reason`. */
  close(reason: unknown): Promise<void>
}

function workerError(cause: unknown): MobileNetV2Error {
  return new MobileNetV2Error('BACKEND', 'The worker thread of ONNX Runtime failed.', {
    got: messageOf(cause),
    remedy: 'Dispose of the model and compile it again.',
    cause,
  })
}

/**
 * Starts a worker and opens a session in it.
 * @param path the main file of onnxruntime-node
 * @param model the bytes of an ONNX model; their buffer is transferred to the worker
 * @throws MobileNetV2Error `BACKEND` if ONNX Runtime refuses the model or a provider
 */
export async function openSession(path: string, model: Uint8Array<ArrayBuffer>, options: SessionOptions): Promise<Session> {
  const unfinished = new Int32Array(new SharedArrayBuffer(4))
  // The worker must not get the process's own arguments, such as loaders or the text of --eval.
  const worker = new Worker(workerSource, { eval: true, execArgv: [], workerData: { path, unfinished: unfinished.buffer } })
  const unguard = guardExit(unfinished)
  let waiting: { resolve: (answer: Answer) => void; reject: (reason: unknown) => void } | null = null
  let failure: { readonly reason: unknown } | null = null
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve())
  })

  const fail = (reason: unknown): void => {
    failure ??= { reason }
    waiting?.reject(failure.reason)
    waiting = null
  }
  worker.on('error', (cause) => fail(workerError(cause)))
  worker.on('exit', (code) => {
    unguard()
    fail(workerError(`it ended with code ${code}`))
  })
  worker.on('message', (answer: Answer) => {
    if (waiting === null) return
    waiting.resolve(answer)
    waiting = null
    // An idle worker must not keep the process from ending.
    worker.unref()
  })

  const post = (message: Message, transfer: readonly ArrayBuffer[]): void => {
    Atomics.add(unfinished, 0, 1)
    worker.ref()
    worker.postMessage(message, [...transfer])
  }

  const ask = async (message: Message, transfer: readonly ArrayBuffer[]): Promise<Results | null> => {
    const answer = await new Promise<Answer>((resolve, reject) => {
      if (failure !== null) {
        reject(failure.reason)
        return
      }
      waiting = { resolve, reject }
      post(message, transfer)
    })
    if ('done' in answer) return answer.done
    throw new MobileNetV2Error('BACKEND', 'ONNX Runtime reports an error.', { got: answer.error.trim() })
  }

  const close = (reason: unknown): Promise<void> => {
    fail(reason)
    post({ task: 'close' }, [])
    return exited
  }

  try {
    await ask({ task: 'open', model, options }, [model.buffer])
  } catch (error) {
    void close(error)
    throw error
  }
  return { run: async (input, shape, outputs) => (await ask({ task: 'run', input, shape, outputs }, [input.buffer]))!, close }
}
