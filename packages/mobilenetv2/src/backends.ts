import type { Architecture, Backend, Parameters } from '@mobilenetv2/spec'
import type { ChosenBackend, FoundBackend } from './choose-fastest.js'

/** The backends that `load` knows by name, each imported when it is asked for. `threads` concerns only `wasm`. */
const backends = {
  wasm: async (threads?: number): Promise<Backend> => {
    const { wasm } = await import('@mobilenetv2/backend-wasm')
    return wasm({ threads })
  },
  webgpu: async (): Promise<Backend> => (await import('@mobilenetv2/backend-webgpu')).webgpu(),
} as const

type Named = keyof typeof backends

/** The name of a backend, or `auto` for the fastest one here. */
export type BackendName = Named | 'auto'

export const backendNames: readonly BackendName[] = ['auto', ...(Object.keys(backends) as Named[])]

/** Every backend, and whether it can run here. */
export async function backendAvailability(threads?: number): Promise<FoundBackend[]> {
  const names = Object.keys(backends) as Named[]
  return Promise.all(
    names.map(async (name) => {
      const backend = await backends[name](threads)
      return { name, backend, availability: await backend.availability() }
    }),
  )
}

/**
 * Compiles a network on the backend that is asked for.
 * @throws MobileNetV2Error `BACKEND` where it cannot run here; nothing falls back to another but `auto`, which says so
 */
export async function compileOn(
  wanted: BackendName | Backend,
  architecture: Architecture,
  parameters: Parameters,
  threads?: number,
): Promise<ChosenBackend> {
  if (wanted === 'auto') {
    const [{ chooseFastest }, found] = await Promise.all([import('./choose-fastest.js'), backendAvailability(threads)])
    return chooseFastest(found, architecture, parameters)
  }
  const backend = typeof wanted === 'string' ? await backends[wanted](threads) : wanted
  return { backend, compiled: await backend.compile(architecture, parameters), reason: `${backend.name}, as asked for` }
}
