import type { Backend } from '@mobilenetv2/spec'

/** The backends that `load` knows by name; each is imported when it is asked for. */
const backends = {
  wasm: async (): Promise<Backend> => (await import('@mobilenetv2/backend-wasm')).wasm,
} as const

/** The name of a backend. */
export type BackendName = keyof typeof backends

export const backendNames: readonly BackendName[] = Object.keys(backends) as BackendName[]

/** The backend of a name, or the backend itself. */
export async function openBackend(backend: BackendName | Backend): Promise<Backend> {
  return typeof backend === 'string' ? backends[backend]() : backend
}
