import { createCompiledModel as createModel, disposedError, type ModelParts, type Run } from '@mobilenetv2/runtime'
import { type Architecture, activationMemory, type CompiledModel, inputLength, type OutputName } from '@mobilenetv2/spec'
import type { Session } from './session.js'

/** What a compiled model needs. */
export interface Machine {
  readonly architecture: Architecture
  readonly device: string
  readonly session: Session
  /** Bytes of the parameters, as float32. */
  readonly weightBytes: number
  /** The most pictures in one run of the session. */
  readonly largestRun: number
  /** Times each layer, in a session of its own. */
  readonly profile: ModelParts['profile']
}

const bytesPerValue = 4

/** Joins the parts of a result into one array. */
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

/** Makes the compiled model of an open session. */
export function createCompiledModel({ architecture, device, session, weightBytes, largestRun, profile }: Machine): CompiledModel {
  const { height, width, channels } = architecture.input
  const pictureLength = inputLength(architecture)
  let mostPictures = 1
  /** The memory of the last run's input. New memory for each run would keep the garbage collector busy. */
  let spare = new Float32Array()

  const run: ModelParts['run'] = async <Output extends OutputName>({ input, batch, outputs, throwIfEnded }: Run<Output>) => {
    const parts = outputs.map((): Float32Array[] => [])
    for (let begin = 0; begin < batch; begin += largestRun) {
      throwIfEnded()
      const end = Math.min(batch, begin + largestRun)
      mostPictures = Math.max(mostPictures, end - begin)
      const length = (end - begin) * pictureLength
      // A copy, because its buffer is transferred to the worker.
      const pictures = spare.length === length ? spare : new Float32Array(length)
      pictures.set(input.subarray(begin * pictureLength, end * pictureLength))
      const answer = await session.run(pictures, [end - begin, height, width, channels], outputs)
      spare = answer.input
      answer.results.forEach((values, index) => {
        parts[index]!.push(values)
      })
    }
    return Object.fromEntries(outputs.map((name, index) => [name, join(parts[index]!)])) as Record<Output, Float32Array>
  }

  return createModel({
    backend: 'onnxruntime',
    device,
    architecture,
    run,
    profile,
    memory() {
      const activations = activationMemory(architecture, 'layer').peakBytes + pictureLength * bytesPerValue
      return { weights: weightBytes, activations: mostPictures * activations, scratch: 0, code: 0 }
    },
    dispose: () => void session.close(disposedError()),
  })
}
