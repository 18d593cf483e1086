import { disposedError } from '@mobilenetv2/runtime'
import type { Backend, CompiledModel } from '@mobilenetv2/spec'
import type { Network } from '@mobilenetv2/weights'
import type { Activations } from './activations.js'
import { type CompileOptions, compileOn } from './backends.js'

/** A network on one backend. */
export interface Engine {
  readonly backend: Backend
  readonly compiled: CompiledModel
  /** The outputs of the layers inside the network. */
  activations(): Promise<Activations>
  /** Why this backend was chosen. */
  readonly reason: string
  /** Runs `work` on the engine. A retired engine is disposed of only when its last work has ended. */
  use<Result>(work: (engine: Engine) => Promise<Result>): Promise<Result>
  /** Frees its memory at once. Work that is under way rejects with `DISPOSED`. */
  dispose(): void
  /** Frees its memory as soon as no work is under way. */
  retire(): void
}

/** @throws MobileNetV2Error as `compileOn` */
export async function startEngine(network: Network, options: CompileOptions): Promise<Engine> {
  const { backend, compiled, reason } = await compileOn(network, options)
  let opening: Promise<Activations> | null = null
  let working = 0
  let isRetired = false
  let isDisposed = false
  const throwIfDisposed = (): void => {
    if (isDisposed) throw disposedError()
  }
  const dispose = (): void => {
    isDisposed = true
    opening?.then(
      (opened) => opened.dispose(),
      () => {},
    )
    compiled.dispose()
  }
  const engine: Engine = {
    backend,
    compiled,
    activations() {
      opening ??= import('./activations.js').then(({ openActivations }) => openActivations(backend, network, throwIfDisposed))
      return opening
    },
    reason,
    async use(work) {
      working += 1
      try {
        return await work(engine)
      } finally {
        working -= 1
        if (isRetired && working === 0) dispose()
      }
    },
    dispose,
    retire() {
      isRetired = true
      if (working === 0) dispose()
    },
  }
  return engine
}
