import { createCompiledModel, createPause, dropPadding, meansOfMiddle, type Pause, type Run } from '@mobilenetv2/runtime'
import type { Architecture, CompiledModel, LayerTime, OutputName, UnsharedBytes } from '@mobilenetv2/spec'
import type { External, Plan, Region } from './plan/plan.js'
import type { Executor, Job } from './threads/executor.js'

/** Converts between the caller's floats and the values in memory. */
export interface Codec {
  /** The bytes that the codec itself takes, beside the model's memory. */
  readonly bytes: number
  /** Encodes a picture of `pixels` x `channels` floats. Each pixel is followed by zeros up to the stride. */
  encode(picture: Float32Array, external: External): Uint8Array
  /** Decodes the values of a result from its bytes. */
  decode(bytes: UnsharedBytes, output: OutputName): Float32Array
}

/** What a compiled model needs. */
export interface Machine {
  readonly architecture: Architecture
  readonly device: string
  readonly plan: Plan
  readonly codec: Codec
  readonly executor: Executor
  readonly codeBytes: number
}

/** The first rounds are not timed: in them the engine still optimises the code. */
const profileRounds = { warmUp: 8, timed: 16 } as const

const neverPause: Pause = () => undefined

function regionOf({ address, pixels, stride, valueBytes }: External): Region {
  return { address, bytes: pixels * stride * valueBytes }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Makes the compiled model of an executor that is ready. */
export function createWasmModel({ architecture, plan, codec, device, executor, codeBytes }: Machine): CompiledModel {
  const run = async <Output extends OutputName>({
    input,
    batch,
    outputs,
    signal,
    throwIfEnded,
  }: Run<Output>): Promise<Readonly<Record<Output, Float32Array>>> => {
    const wanted = outputs.map((name) => {
      const source: External = name === 'logits' ? plan.logits : plan.features!
      const length = source.pixels * source.channels
      return { name, source, length, values: new Float32Array(batch * length) }
    })
    const pictureLength = plan.picture.pixels * plan.picture.channels
    const callCount = Math.max(0, ...outputs.map((name) => (name === 'logits' ? plan.calls.length : plan.features!.calls)))
    // A run without a signal cannot be aborted, so it needs no pauses.
    const pause = signal === undefined ? neverPause : createPause(signal)
    for (let picture = 0; picture < batch; picture++) {
      throwIfEnded()
      const job: Job = {
        picture: codec.encode(input.subarray(picture * pictureLength, (picture + 1) * pictureLength), plan.picture),
        callCount,
        results: wanted.map(({ source }) => regionOf(source)),
      }
      const { results } = await executor.run(job, pause)
      wanted.forEach(({ name, source, length, values }, index) => {
        const target = values.subarray(picture * length, (picture + 1) * length)
        dropPadding(codec.decode(results[index]!, name), source.stride, source.channels, target)
      })
    }
    return Object.fromEntries(wanted.map(({ name, values }) => [name, values])) as Record<Output, Float32Array>
  }

  const profile = async (throwIfEnded: () => void): Promise<LayerTime[]> => {
    const picture = new Uint8Array(regionOf(plan.picture).bytes)
    const job: Job = { picture, callCount: plan.calls.length, results: [] }
    const rounds: number[][] = []
    for (let round = -profileRounds.warmUp; round < profileRounds.timed; round++) {
      throwIfEnded()
      const start = performance.now()
      const { times } = await executor.run(job, neverPause)
      const whole = performance.now() - start
      const calls = times.slice(1).map((time, index) => time - times[index]!)
      if (round >= 0) rounds.push([...calls, whole - sum(calls)])
    }
    return meansOfMiddle(rounds).map((milliseconds, index) => ({ layers: plan.calls[index]?.layers ?? [], milliseconds }))
  }

  return createCompiledModel({
    backend: 'wasm',
    device,
    architecture,
    run,
    profile,
    memory: () => ({
      weights: plan.weights.bytes,
      activations: plan.activations.bytes + executor.bufferBytes,
      scratch: plan.scratch.bytes + plan.zeros.bytes + codec.bytes,
      code: codeBytes,
    }),
    dispose: () => executor.dispose(),
  })
}
