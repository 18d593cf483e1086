import type { Pause } from '@mobilenetv2/runtime'
import type { UnsharedBytes } from '@mobilenetv2/spec'
import type { GeneratedModule } from '../codegen/generate.js'
import type { Plan, Region } from '../plan/plan.js'

/** The run of one picture through the first `callCount` calls of a plan. */
export interface Job {
  /** The bytes of the picture as they are stored. */
  readonly picture: Uint8Array
  readonly callCount: number
  /** The regions of the memory to read afterwards. */
  readonly results: readonly Region[]
}

export interface Outcome {
  readonly results: readonly UnsharedBytes[]
  /** `performance.now()` at the start and after each call. The time of the first call includes writing the picture. */
  readonly times: readonly number[]
}

/** Runs the calls of a plan, on the calling thread or on workers. It owns the memory. */
export interface Executor {
  /** The bytes that it holds beside the memory of the plan. */
  readonly bufferBytes: number
  /** Does one job. Another job must not begin before it ends. If the work blocks the calling thread, it awaits `pause` between calls. */
  run(job: Job, pause: Pause): Promise<Outcome>
  /** Frees threads and memory. A job that is under way rejects. */
  dispose(): void
}

/** Writes the weights of a plan to their addresses. The memory must be zeros. */
export type Pack = (memory: ArrayBufferLike) => void

/** A call of a kernel's function: its name in the module, its arguments before `begin` and `end`, and the number of its units. */
export interface NamedCall {
  readonly name: string
  /** Input, weights, output, residual, scratch. */
  readonly values: readonly number[]
  readonly units: number
}

/** The calls of a plan for one thread, with the address of its scratch. */
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
