import type { Architecture, Backend, CompiledModel, MemoryUse, Parameters } from '@mobilenetv2/spec'

/** A backend that hands on to another, which can be changed while models are in use: they are then compiled anew when they next run. */
export interface SwitchableBackend {
  readonly backend: Backend
  current(): Backend
  change(to: Backend): void
  /** The network that was compiled first: the whole one. */
  whole(): { readonly architecture: Architecture; readonly parameters: Parameters }
  /** Milliseconds of the last run. */
  lastRun(): number
  /** What the whole network runs on now. */
  device(): string
}

const nothing: MemoryUse = { weights: 0, activations: 0, scratch: 0, code: 0 }

/** A switchable backend that starts with `first`. */
export function createSwitchable(first: Backend): SwitchableBackend {
  let current = first
  let milliseconds = 0
  let whole: { architecture: Architecture; parameters: Parameters } | null = null
  let device = ''

  async function compile(architecture: Architecture, parameters: Parameters): Promise<CompiledModel> {
    const isWhole = whole === null
    whole ??= { architecture, parameters }
    let made: { by: Backend; compiled: CompiledModel } | null = null
    const ready = async (): Promise<CompiledModel> => {
      if (made?.by === current) return made.compiled
      made?.compiled.dispose()
      made = null
      const by = current
      const compiled = await by.compile(architecture, parameters)
      if (isWhole) device = compiled.device
      made = { by, compiled }
      return compiled
    }
    const dispose = (): void => made?.compiled.dispose()
    const { backend, device: firstDevice } = await ready()
    return {
      backend,
      device: firstDevice,
      architecture,
      async run(input, options) {
        const compiled = await ready()
        const start = performance.now()
        const result = await compiled.run(input, options)
        milliseconds = performance.now() - start
        return result
      },
      profile: async () => (await ready()).profile(),
      memory: () => made?.compiled.memory() ?? nothing,
      dispose,
      [Symbol.dispose]: dispose,
    }
  }

  return {
    backend: { name: 'switchable', availability: () => current.availability(), compile },
    current: () => current,
    change(to) {
      current = to
    },
    whole() {
      if (whole === null) throw new Error('No network is compiled yet.')
      return whole
    },
    lastRun: () => milliseconds,
    device: () => device,
  }
}
