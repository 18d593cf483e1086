import {
  type Architecture,
  abortable,
  type CompiledModel,
  type LayerTime,
  type MemoryUse,
  type OutputName,
} from '@mobilenetv2/spec'
import { type CheckedRun, checkInput, checkRunOptions } from './check-run.js'
import { disposedError, noMemory } from './life.js'
import { createQueue, type Queue } from './queue.js'

/** One run, its options complete and its input of the right length. */
export interface Run<Output extends OutputName> extends CheckedRun<Output> {
  /** float32 `[batch, height, width, 3]` */
  readonly input: Float32Array
  /** Throws if the run is to end: the signal's reason, or `DISPOSED`. A backend calls it between the parts of a run. */
  throwIfEnded(): void
}

/** The parts of a compiled model that a backend implements. */
export interface ModelParts {
  readonly backend: string
  readonly device: string
  readonly architecture: Architecture
  /** Other runs wait in this queue; a queue of the model's own unless given. */
  readonly queue?: Queue | undefined
  /** Does a run. No other task of the queue runs meanwhile. */
  run<Output extends OutputName>(run: Run<Output>): Promise<Readonly<Record<Output, Float32Array>>>
  /** As `CompiledModel.profile`. No other task of the queue runs meanwhile. `throwIfEnded` throws if the model was disposed of. */
  profile(throwIfEnded: () => void): Promise<readonly LayerTime[]>
  /** The memory that the model holds until its dispose. */
  memory(): MemoryUse
  /** Called once. A run that is under way must end by itself. */
  dispose(): void
}

/**
 * A `CompiledModel` from a backend's parts. It adds the checks, the queue, abort and dispose. A disposed model that somebody keeps does
 * not hold the parts, nor the weights that they may hold.
 */
export function createCompiledModel(given: ModelParts): CompiledModel {
  const { backend, device, architecture, queue = createQueue() } = given
  let parts: ModelParts | null = given

  const alive = (): ModelParts => {
    if (parts === null) throw disposedError()
    return parts
  }
  const throwIfDisposed = (): void => void alive()

  const dispose = (): void => {
    const ending = parts
    parts = null
    ending?.dispose()
  }

  return {
    backend,
    device,
    architecture,
    async run(input, options = {}) {
      alive()
      const checked = checkRunOptions(architecture, options)
      const { batch, signal } = checked
      checkInput(architecture, input, batch)
      const throwIfEnded = (): void => {
        signal?.throwIfAborted()
        alive()
      }
      const result = queue(async () => {
        throwIfEnded()
        return alive().run({ ...checked, input, throwIfEnded })
      })
      return abortable(result, signal)
    },
    async profile() {
      alive()
      return queue(async () => alive().profile(throwIfDisposed))
    },
    memory: () => parts?.memory() ?? noMemory,
    dispose,
    [Symbol.dispose]: dispose,
  }
}
