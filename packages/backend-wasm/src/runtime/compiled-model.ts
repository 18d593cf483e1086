import {
  type Architecture,
  type CompiledModel,
  type LayerTime,
  type MemoryUse,
  MobileNetV2Error,
  type OutputName,
} from '@mobilenetv2/spec'
import { floatBytes } from '../planner/kernel.js'
import type { External, KernelCall, Plan } from '../planner/plan.js'
import type { KernelFunction } from './generate.js'
import { createQueue } from './queue.js'

/** What a compiled model stands on. */
export interface Machine {
  readonly architecture: Architecture
  readonly device: string
  readonly plan: Plan
  readonly memory: WebAssembly.Memory
  /** The function of each of the plan's calls. */
  readonly functions: readonly KernelFunction[]
  readonly codeBytes: number
}

/** A run that can be ended early lets other tasks in, so that its signal can fire, after this many milliseconds. */
const longestSilence = 50
const profileRounds = { warmUp: 3, timed: 16 } as const

const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

function invoke(call: KernelCall, kernel: KernelFunction): void {
  kernel(call.input, call.weights, call.output, call.residual, call.scratch, 0, call.units)
}

function writePicture(memory: WebAssembly.Memory, { address, pixels, channels, stride }: External, picture: Float32Array): void {
  const target = new Float32Array(memory.buffer, address, pixels * stride)
  if (stride === channels) {
    target.set(picture)
    return
  }
  target.fill(0)
  for (let pixel = 0; pixel < pixels; pixel++) {
    target.set(picture.subarray(pixel * channels, (pixel + 1) * channels), pixel * stride)
  }
}

function readResult(memory: WebAssembly.Memory, { address, pixels, channels, stride }: External, target: Float32Array): void {
  for (let pixel = 0; pixel < pixels; pixel++) {
    target.set(new Float32Array(memory.buffer, address + pixel * stride * floatBytes, channels), pixel * channels)
  }
}

function checkRun({ architecture, plan }: Machine, input: Float32Array, batch: number, outputs: readonly OutputName[]): void {
  if (!Number.isInteger(batch) || batch < 1) {
    throw new MobileNetV2Error('INPUT', 'The option batch is out of its range.', {
      where: 'option batch',
      expected: 'a positive integer',
      got: String(batch),
    })
  }
  const { height, width, channels } = architecture.input
  const expected = batch * height * width * channels
  if (input.length !== expected) {
    throw new MobileNetV2Error('INPUT', 'The input does not have the length that the architecture and the option batch ask for.', {
      where: `input, with option batch ${batch}`,
      expected: `${expected} values: [${batch}, ${height}, ${width}, ${channels}]`,
      got: `${input.length} values`,
    })
  }
  for (const output of outputs) {
    if (output !== 'logits' && output !== 'features') {
      throw new MobileNetV2Error('INPUT', 'The option outputs names an output that no model has.', {
        where: 'option outputs',
        expected: 'logits, features',
        got: String(output),
      })
    }
    if (output === 'features' && plan.features === null) {
      throw new MobileNetV2Error('INPUT', 'The architecture has no features: it has no global average pool.', {
        where: 'option outputs',
      })
    }
  }
}

/** A model whose module is instantiated and whose weights are packed. */
export function createCompiledModel(machine: Machine): CompiledModel {
  const { architecture, plan, device } = machine
  const enqueue = createQueue()
  let state: Machine | null = machine

  const alive = (): Machine => {
    if (state === null) throw new MobileNetV2Error('DISPOSED', 'The model was used after its dispose().')
    return state
  }

  const runPictures = async <Output extends OutputName>(
    input: Float32Array,
    batch: number,
    outputs: readonly Output[],
    signal: AbortSignal | undefined,
  ): Promise<Readonly<Record<Output, Float32Array>>> => {
    const pictureLength = plan.picture.pixels * plan.picture.channels
    const wanted = outputs.map((name) => {
      const source: External = name === 'logits' ? plan.logits : plan.features!
      const length = source.pixels * source.channels
      return { name, source, length, values: new Float32Array(batch * length) }
    })
    const callCount = Math.max(0, ...outputs.map((name) => (name === 'logits' ? plan.calls.length : plan.features!.calls)))
    let lastTask = performance.now()
    for (let picture = 0; picture < batch; picture++) {
      writePicture(alive().memory, plan.picture, input.subarray(picture * pictureLength, (picture + 1) * pictureLength))
      for (let index = 0; index < callCount; index++) {
        if (signal !== undefined && performance.now() - lastTask > longestSilence) {
          await nextTask()
          lastTask = performance.now()
        }
        signal?.throwIfAborted()
        invoke(plan.calls[index]!, alive().functions[index]!)
      }
      for (const { source, length, values } of wanted) {
        readResult(alive().memory, source, values.subarray(picture * length, (picture + 1) * length))
      }
    }
    return Object.fromEntries(wanted.map(({ name, values }) => [name, values])) as Record<Output, Float32Array>
  }

  const timeCalls = async (): Promise<LayerTime[]> => {
    const { memory, functions } = alive()
    const totals = plan.calls.map(() => 0)
    for (let round = -profileRounds.warmUp; round < profileRounds.timed; round++) {
      writePicture(memory, plan.picture, new Float32Array(plan.picture.pixels * plan.picture.channels))
      plan.calls.forEach((call, index) => {
        const start = performance.now()
        invoke(call, functions[index]!)
        if (round >= 0) totals[index]! += performance.now() - start
      })
    }
    return plan.calls.map(({ layers }, index) => ({ layers, milliseconds: totals[index]! / profileRounds.timed }))
  }

  const dispose = (): void => {
    state = null
  }

  return {
    backend: 'wasm',
    device,
    architecture,
    async run(input, { batch = 1, outputs = ['logits'] as never, signal } = {}) {
      signal?.throwIfAborted()
      checkRun(alive(), input, batch, outputs)
      return enqueue(() => runPictures(input, batch, outputs, signal))
    },
    async profile() {
      alive()
      return enqueue(timeCalls)
    },
    memory(): MemoryUse {
      if (state === null) return { weights: 0, activations: 0, scratch: 0, code: 0 }
      return {
        weights: plan.weights.bytes,
        activations: plan.activations.bytes,
        scratch: plan.scratch.bytes + plan.zeros.bytes,
        code: state.codeBytes,
      }
    },
    dispose,
    [Symbol.dispose]: dispose,
  }
}
