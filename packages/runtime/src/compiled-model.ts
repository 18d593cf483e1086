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

/** One run, whose options and input are checked. */
export interface Run<Output extends OutputName> extends CheckedRun<Output> {
  /** The pictures, float32 `[batch, height, width, 3]`. */
  readonly input: Float32Array
  /** Throws if the run is to end: the signal's reason, or `DISPOSED`. A backend calls it between the parts of a run. */
  throwIfEnded(): void
}

/** The parts of a compiled model that a backend implements. */
export interface ModelParts {
  /** The name of the backend. */
  readonly backend: string
  /** What the model runs on, in the backend's words. */
  readonly device: string
  /** The network that was compiled. */
  readonly architecture: Architecture
  /** The queue in which runs wait for each other. Unless given, the model has a queue of its own. */
  readonly queue?: Queue | undefined
  /** Does one run. No other task of the queue runs meanwhile. */
  run<Output extends OutputName>(run: Run<Output>): Promise<Readonly<Record<Output, Float32Array>>>
  /** As `CompiledModel.profile`. No other task of the queue runs meanwhile. `throwIfEnded` throws if the model is disposed of. */
  profile(throwIfEnded: () => void): Promise<readonly LayerTime[]>
  /** The memory that the model holds until `dispose`. */
  memory(): MemoryUse
  /** Frees the memory. It is called once. A run that is under way must notice it by `throwIfEnded`. */
  dispose(): void
}

/**
 * Makes a `CompiledModel` from the parts that a backend implements, and adds what is the same for all backends: the checks, the queue,
 * abort and dispose. A model that is disposed of no longer refers to the parts, so that their weights can be collected even if a program
 * keeps the model.
 * @example
 * ```ts
 * import { createCompiledModel, noMemory } from '@mobilenetv2/runtime'
 * import { defineMobileNetV2 } from '@mobilenetv2/spec'
 *
 * const architecture = defineMobileNetV2()
 * const run = async () => ({ logits: new Float32Array(1000), features: new Float32Array(1280) })
 * const [profile, memory, dispose] = [async () => [], () => noMemory, () => {}]
 * const model = createCompiledModel({ backend: 'zeros', device: 'cpu', architecture, run, profile, memory, dispose })
 * ```
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
