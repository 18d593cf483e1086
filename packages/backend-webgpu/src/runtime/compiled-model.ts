import { type CheckedRun, checkRunOptions, createQueue, disposedError, nextTask, noMemory } from '@mobilenetv2/runtime'
import {
  type Architecture,
  abortable,
  checkOptionNames,
  MobileNetV2Error,
  type OutputName,
  type RunOptions,
} from '@mobilenetv2/spec'
import type { WebGpuInput, WebGpuModel } from '../model.js'
import type { Plan } from '../planner/plan.js'
import type { Engine, Source } from './engine.js'
import { sourcesOf } from './sources.js'

/** What a compiled model needs. */
export interface Machine {
  readonly architecture: Architecture
  readonly plan: Plan
  readonly engine: Engine
  /** Opens another engine after the device was lost. */
  open(): Promise<Engine>
}

const mostTopClasses = 64

/** One run, whose options and input are checked. */
interface Job<Output extends OutputName> extends CheckedRun<Output> {
  readonly sources: (first: number, count: number) => Source
}

/**
 * Makes the model of compiled pipelines and uploaded weights. Only the variable `open` may refer to the weights: a closure keeps its other
 * variables in memory after `dispose`.
 */
export function createWebGpuModel(machine: Machine): WebGpuModel {
  const { architecture, plan } = machine
  const queue = createQueue()
  let open: Machine['open'] | null = machine.open
  let engine: Engine | null = machine.engine
  let { lease } = machine.engine
  const { name: device } = lease

  const checkAlive = (): Machine['open'] => {
    if (open === null) throw disposedError()
    return open
  }

  /** The engine; a new one if its device was lost. */
  const ready = async (): Promise<Engine> => {
    const reopen = checkAlive()
    if (engine !== null && lease.lost() === null) return engine
    engine?.dispose()
    engine = null
    const opened = await reopen()
    if (open === null) opened.dispose()
    checkAlive()
    engine = opened
    lease = opened.lease
    return opened
  }

  /** Does work on the engine. If it fails because the model was disposed of or the device was lost, the error says so. */
  const withEngine = async <Result>(work: (engine: Engine) => Promise<Result>): Promise<Result> => {
    const current = await ready()
    try {
      return await work(current)
    } catch (cause) {
      checkAlive()
      // The loss of a device may be reported later than the failures that it causes.
      await nextTask()
      const lost = current.lease.lost()
      if (lost === null && cause instanceof MobileNetV2Error) throw cause
      if (lost === null) throw new MobileNetV2Error('BACKEND', 'The device failed.', { where: device, got: String(cause), cause })
      throw new MobileNetV2Error('BACKEND', 'The device was lost while the model ran.', {
        where: device,
        got: lost,
        remedy: current.lease.isReplaceable
          ? 'Run it again: the model opens another device.'
          : 'Compile it again with another device.',
        cause,
      })
    }
  }

  const check = <Output extends OutputName>(input: WebGpuInput, options: RunOptions<Output>): Job<Output> => {
    checkAlive()
    const run = checkRunOptions(architecture, options)
    return { ...run, sources: sourcesOf(architecture, input, run.batch) }
  }

  /** Does a task when all earlier tasks have ended. */
  const enqueue = <Result>({ signal }: Pick<Job<OutputName>, 'signal'>, task: () => Promise<Result>): Promise<Result> => {
    const result = queue(async () => {
      signal?.throwIfAborted()
      return task()
    })
    return abortable(result, signal)
  }

  /** Does a job on the engine, a few pictures at a time. */
  const runParts = <Output extends OutputName>(
    { batch, outputs, sources, signal }: Job<Output>,
    run: (current: Engine, source: Source, first: number, count: number) => Promise<void>,
  ): Promise<void> =>
    withEngine(async (current) => {
      for (let first = 0; first < batch && outputs.length > 0; first += plan.picturesAtOnce) {
        signal?.throwIfAborted()
        checkAlive()
        const count = Math.min(plan.picturesAtOnce, batch - first)
        await run(current, sources(first, count), first, count)
      }
    })

  const named = <Output extends OutputName, Value>(outputs: readonly Output[], values: readonly Value[]): Record<Output, Value> =>
    Object.fromEntries(outputs.map((name, index) => [name, values[index]])) as Record<Output, Value>

  const dispose = (): void => {
    open = null
    engine?.dispose()
    engine = null
  }

  return {
    backend: 'webgpu',
    device,
    architecture,
    get gpu() {
      checkAlive()
      return lease.device
    },
    async run(input, options = {}) {
      const job = check(input, options)
      const { outputs, batch } = job
      const lengths = outputs.map((name) => plan.results[name]!.pixels * plan.results[name]!.channels)
      const task = async (): Promise<Float32Array[]> => {
        const results = lengths.map((length) => new Float32Array(batch * length))
        await runParts(job, async (current, source, first, count) => {
          const parts = await current.run(source, count, outputs)
          parts.forEach((part, index) => {
            results[index]!.set(part, first * lengths[index]!)
          })
        })
        return results
      }
      return named(outputs, await enqueue(job, task))
    },
    async runOnDevice(input, use, options = {}) {
      const job = check(input, options)
      const { outputs, batch } = job
      const task = async (): Promise<ReturnType<typeof use>> => {
        let buffers: GPUBuffer[] = []
        await runParts(job, async (current, source, first, count) => {
          if (first === 0) buffers = await current.resultBuffers(outputs, batch)
          await current.runInto(source, count, outputs, buffers, first)
        })
        return use(named(outputs, buffers))
      }
      return enqueue(job, task)
    },
    async top(input, count, options = {}) {
      checkOptionNames(options, ['signal'])
      const job = check(input, options)
      const { pixels, channels } = plan.results.logits!
      const most = pixels === 1 ? Math.min(mostTopClasses, channels) : 0
      if (!Number.isInteger(count) || count < 1 || count > most) {
        throw new MobileNetV2Error('INPUT', 'The number of classes to find is out of its range.', {
          where: 'count',
          expected: most === 0 ? 'a network that ends with a classifier' : `an integer from 1 to ${most}`,
          got: String(count),
        })
      }
      return enqueue(job, () => withEngine((current) => current.top(job.sources(0, 1), count)))
    },
    async profile() {
      checkAlive()
      return queue(() => withEngine((current) => current.profile()))
    },
    memory() {
      if (engine === null) return noMemory
      return { weights: plan.weightBytes, activations: engine.activationBytes(), scratch: 0, code: engine.codeBytes }
    },
    dispose,
    [Symbol.dispose]: dispose,
  }
}
