import {
  type Architecture,
  activationMemory,
  type CompiledModel,
  checkRun,
  type LayerTime,
  type MemoryUse,
  MobileNetV2Error,
  type OutputName,
} from '@mobilenetv2/spec'
import { createQueue } from './queue.js'
import type { Session } from './session.js'

/** What a compiled model stands on. */
export interface Machine {
  readonly architecture: Architecture
  readonly device: string
  readonly session: Session
  /** Bytes of the parameters, as float32. */
  readonly weightBytes: number
  /** Most pictures that one run of the session takes. */
  readonly largestRun: number
  /** Times each layer, in a session of its own. */
  readonly profile: () => Promise<readonly LayerTime[]>
}

const bytesPerValue = 4

function disposedError(): MobileNetV2Error {
  return new MobileNetV2Error('DISPOSED', 'The model was used after its dispose().')
}

/** Rejects as soon as the signal is aborted; the work behind the promise may go on. */
async function orAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return work
  let stop: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop)
  })
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', stop!))
}

/** Parts of a long result, one after the other, as one array. */
function join(parts: readonly Float32Array[]): Float32Array {
  const [first] = parts
  if (first !== undefined && parts.length === 1) return first
  const joined = new Float32Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** A model whose session is open. */
export function createCompiledModel(machine: Machine): CompiledModel {
  const { architecture, device, session, weightBytes, largestRun } = machine
  const { height, width, channels } = architecture.input
  const pictureLength = height * width * channels
  const enqueue = createQueue()
  let mostPictures = 1
  let profile: Machine['profile'] | null = machine.profile

  const checkAlive = (): void => {
    if (profile === null) throw disposedError()
  }

  const runPictures = async <Output extends OutputName>(
    input: Float32Array,
    batch: number,
    outputs: readonly Output[],
    signal: AbortSignal | undefined,
  ): Promise<Readonly<Record<Output, Float32Array>>> => {
    const names = [...new Set(outputs)]
    const parts = names.map((): Float32Array[] => [])
    for (let begin = 0; begin < batch; begin += largestRun) {
      signal?.throwIfAborted()
      checkAlive()
      const end = Math.min(batch, begin + largestRun)
      mostPictures = Math.max(mostPictures, end - begin)
      // A copy, whose buffer goes to the worker.
      const pictures = new Float32Array(input.subarray(begin * pictureLength, end * pictureLength))
      const results = await session.run(pictures, [end - begin, height, width, channels], names)
      results.forEach((values, index) => {
        parts[index]!.push(values)
      })
    }
    return Object.fromEntries(names.map((name, index) => [name, join(parts[index]!)])) as Record<Output, Float32Array>
  }

  const dispose = (): void => {
    if (profile === null) return
    profile = null
    void session.close(disposedError())
  }

  return {
    backend: 'onnxruntime',
    device,
    architecture,
    async run(input, { batch = 1, outputs = ['logits'] as never, signal } = {}) {
      signal?.throwIfAborted()
      checkAlive()
      checkRun(architecture, input, batch, outputs)
      return orAborted(
        enqueue(() => runPictures(input, batch, outputs, signal)),
        signal,
      )
    },
    async profile() {
      checkAlive()
      return enqueue(async () => {
        if (profile === null) throw disposedError()
        return profile()
      })
    },
    memory(): MemoryUse {
      if (profile === null) return { weights: 0, activations: 0, scratch: 0, code: 0 }
      const activations = activationMemory(architecture, 'layer').peakBytes + pictureLength * bytesPerValue
      return { weights: weightBytes, activations: mostPictures * activations, scratch: 0, code: 0 }
    },
    dispose,
    [Symbol.dispose]: dispose,
  }
}
