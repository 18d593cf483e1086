import type { Pause } from '@mobilenetv2/runtime'
import type { UnsharedBytes } from '@mobilenetv2/spec'
import type { GeneratedModule } from '../codegen/generate.js'
import type { Plan, Region } from '../plan/plan.js'

/** One picture's way through the first calls of a plan. */
export interface Job {
  /** The picture as the memory holds it. */
  readonly picture: Uint8Array
  readonly callCount: number
  /** What is wanted of the memory afterwards. */
  readonly results: readonly Region[]
}

export interface Outcome {
  readonly results: readonly UnsharedBytes[]
  /** `performance.now()` at the start, and after each call; the first includes writing the picture. */
  readonly times: readonly number[]
}

/** Does a model's work, on the calling thread or on workers, in the memory that it holds. */
export interface Executor {
  /** What it holds beside the memory that the plan maps. */
  readonly bufferBytes: number
  /** Does one job; it must not be given another before that. One that keeps the caller waiting calls `pause` between calls. */
  run(job: Job, pause: Pause): Promise<Outcome>
  /** Gives back threads and memory; what is under way is rejected. */
  dispose(): void
}

/** Writes a plan's weights to where the plan has them. Memory must be zeros. */
export type Pack = (memory: ArrayBufferLike) => void

/** A kernel's function by its name in the module, and what it is given before the units that it is to do, of which there are `units`. */
export interface NamedCall {
  readonly name: string
  /** Input, weights, output, residual, scratch. */
  readonly values: readonly number[]
  readonly units: number
}

/** A plan's calls as a thread makes them, which has its own scratch. */
export function callsOfThread({ calls, scratch }: Plan, { names }: GeneratedModule, thread: number): NamedCall[] {
  const ownScratch = scratch.address + thread * scratch.bytesOfThread
  return calls.map(({ units, input, weights, output, residual }, index) => ({
    name: names[index]!,
    values: [input, weights, output, residual, ownScratch],
    units,
  }))
}

export function writeBytes(memory: WebAssembly.Memory, address: number, bytes: Uint8Array): void {
  new Uint8Array(memory.buffer, address, bytes.length).set(bytes)
}

export function readBytes(memory: WebAssembly.Memory, wanted: readonly Region[]): UnsharedBytes[] {
  return wanted.map(({ address, bytes }) => new Uint8Array(memory.buffer, address, bytes).slice())
}
