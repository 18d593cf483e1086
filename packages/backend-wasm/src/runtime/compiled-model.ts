import {
  type Architecture,
  type CompiledModel,
  checkRun,
  createPause,
  type LayerTime,
  type MemoryUse,
  type OutputName,
  type Pause,
} from '@mobilenetv2/spec'
import type { External, Plan } from '../planner/plan.js'
import { type Crew, disposedError, type Floats, type Job } from './crew.js'
import { createQueue } from './queue.js'

/** What a compiled model stands on. */
export interface Machine {
  readonly architecture: Architecture
  readonly device: string
  readonly plan: Plan
  readonly crew: Crew
  readonly codeBytes: number
}

/** The engine's optimising compiler takes over during the first rounds. */
const profileRounds = { warmUp: 8, timed: 16 } as const

const neverPause: Pause = () => undefined

/** A picture as the memory holds it: as it is, or each pixel followed by zeros. */
function spread({ pixels, channels, stride }: External, picture: Float32Array): Float32Array {
  if (stride === channels) return picture
  const padded = new Float32Array(pixels * stride)
  for (let pixel = 0; pixel < pixels; pixel++) {
    padded.set(picture.subarray(pixel * channels, (pixel + 1) * channels), pixel * stride)
  }
  return padded
}

function floatsOf({ address, pixels, stride }: External): Floats {
  return { address, length: pixels * stride }
}

/** The reverse: the memory's floats without what pads them. */
function gather({ pixels, channels, stride }: External, floats: Float32Array, target: Float32Array): void {
  for (let pixel = 0; pixel < pixels; pixel++) {
    target.set(floats.subarray(pixel * stride, pixel * stride + channels), pixel * channels)
  }
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

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Means over the middle half of the rounds, by their sums; so they add up to the mean of whole rounds. */
function meansOfMiddle(rounds: readonly (readonly number[])[]): number[] {
  const middle = [...rounds].sort((a, b) => sum(a) - sum(b)).slice(rounds.length / 4, (rounds.length * 3) / 4)
  return rounds[0]!.map((_, index) => sum(middle.map((round) => round[index]!)) / middle.length)
}

/** A model whose crew is ready. */
export function createCompiledModel({ architecture, plan, device, crew, codeBytes }: Machine): CompiledModel {
  const enqueue = createQueue()
  let disposed = false

  const checkAlive = (): void => {
    if (disposed) throw disposedError()
  }

  const runPictures = async <Output extends OutputName>(
    input: Float32Array,
    batch: number,
    outputs: readonly Output[],
    signal: AbortSignal | undefined,
  ): Promise<Readonly<Record<Output, Float32Array>>> => {
    const wanted = outputs.map((name) => {
      const source: External = name === 'logits' ? plan.logits : plan.features!
      const length = source.pixels * source.channels
      return { name, source, length, values: new Float32Array(batch * length) }
    })
    const pictureLength = plan.picture.pixels * plan.picture.channels
    const callCount = Math.max(0, ...outputs.map((name) => (name === 'logits' ? plan.calls.length : plan.features!.calls)))
    // What nothing can end early does not stop to let anything in.
    const pause = signal === undefined ? neverPause : createPause(signal)
    for (let picture = 0; picture < batch; picture++) {
      signal?.throwIfAborted()
      checkAlive()
      const job: Job = {
        picture: spread(plan.picture, input.subarray(picture * pictureLength, (picture + 1) * pictureLength)),
        callCount,
        results: wanted.map(({ source }) => floatsOf(source)),
      }
      const { results } = await crew.run(job, pause)
      wanted.forEach(({ source, length, values }, index) => {
        gather(source, results[index]!, values.subarray(picture * length, (picture + 1) * length))
      })
    }
    return Object.fromEntries(wanted.map(({ name, values }) => [name, values])) as Record<Output, Float32Array>
  }

  const timeCalls = async (): Promise<LayerTime[]> => {
    const { pixels, stride } = plan.picture
    const job: Job = { picture: new Float32Array(pixels * stride), callCount: plan.calls.length, results: [] }
    const rounds: number[][] = []
    for (let round = -profileRounds.warmUp; round < profileRounds.timed; round++) {
      checkAlive()
      const start = performance.now()
      const { times } = await crew.run(job, neverPause)
      const whole = performance.now() - start
      const calls = times.slice(1).map((time, index) => time - times[index]!)
      if (round >= 0) rounds.push([...calls, whole - sum(calls)])
    }
    return meansOfMiddle(rounds).map((milliseconds, index) => ({ layers: plan.calls[index]?.layers ?? [], milliseconds }))
  }

  const dispose = (): void => {
    disposed = true
    crew.dispose()
  }

  return {
    backend: 'wasm',
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
      return enqueue(timeCalls)
    },
    memory(): MemoryUse {
      if (disposed) return { weights: 0, activations: 0, scratch: 0, code: 0 }
      return {
        weights: plan.weights.bytes,
        activations: plan.activations.bytes + crew.bufferBytes,
        scratch: plan.scratch.bytes + plan.zeros.bytes,
        code: codeBytes,
      }
    },
    dispose,
    [Symbol.dispose]: dispose,
  }
}
