import type { Architecture, Availability, Backend, CompiledModel, Parameters } from '@mobilenetv2/spec'
import { MobileNetV2Error } from '@mobilenetv2/spec'

/** The backends that `load` knows by name, each imported when it is asked for. `threads` concerns only `wasm`. */
const backends = {
  wasm: async (threads?: number): Promise<Backend> => {
    const { wasm } = await import('@mobilenetv2/backend-wasm')
    if (threads === undefined) return wasm
    return { ...wasm, compile: (architecture, parameters) => wasm.compile(architecture, parameters, { threads }) }
  },
  webgpu: async (): Promise<Backend> => (await import('@mobilenetv2/backend-webgpu')).webgpu,
} as const

type Named = keyof typeof backends

/** The name of a backend, or `auto` for the fastest one here. */
export type BackendName = Named | 'auto'

export const backendNames: readonly BackendName[] = ['auto', ...(Object.keys(backends) as Named[])]

/** Every backend, and whether it can run here. */
export async function backendAvailability(
  threads?: number,
): Promise<{ readonly name: Named; readonly backend: Backend; readonly availability: Availability }[]> {
  const names = Object.keys(backends) as Named[]
  return Promise.all(
    names.map(async (name) => {
      const backend = await backends[name](threads)
      return { name, backend, availability: await backend.availability() }
    }),
  )
}

/** A model that a backend has compiled, and why it was this backend. */
export interface ChosenBackend {
  readonly backend: Backend
  readonly compiled: CompiledModel
  readonly reason: string
}

interface Candidate extends Omit<ChosenBackend, 'reason'> {
  readonly milliseconds: number
}

/** Runs of which the fastest counts; the one before them pays for what an engine puts off. */
const timedRuns = 3

async function time(backend: Backend, architecture: Architecture, parameters: Parameters): Promise<Candidate> {
  const compiled = await backend.compile(architecture, parameters)
  const { height, width, channels } = architecture.input
  const zeros = new Float32Array(height * width * channels)
  await compiled.run(zeros)
  let milliseconds = Number.POSITIVE_INFINITY
  for (let run = 0; run < timedRuns; run++) {
    const start = performance.now()
    await compiled.run(zeros)
    milliseconds = Math.min(milliseconds, performance.now() - start)
  }
  return { backend, compiled, milliseconds }
}

/** What `auto` has found, by the shapes of a network: another size may be another backend's. */
const remembered = new Map<string, { readonly name: Named; readonly reason: string }>()

function sizeOf(architecture: Architecture): string {
  return JSON.stringify([architecture.family, architecture.input, architecture.layers.map(({ output }) => output.channels)])
}

/** Compiles on every backend that is here and on hardware, times a run of each, and keeps the fastest. */
async function chooseFastest(architecture: Architecture, parameters: Parameters, threads?: number): Promise<ChosenBackend> {
  const key = sizeOf(architecture)
  const known = remembered.get(key)
  if (known !== undefined) {
    const backend = await backends[known.name](threads)
    return { backend, compiled: await backend.compile(architecture, parameters), reason: known.reason }
  }
  const found = await backendAvailability(threads)
  const usable = found.filter(({ availability }) => availability.available && availability.software !== true)
  const [only, ...others] = usable
  if (only === undefined) {
    throw new MobileNetV2Error('BACKEND', 'No backend can run here.', {
      got: found
        .map(({ name, availability }) => `${name}: ${availability.available ? 'software only' : availability.reason}`)
        .join('; '),
      remedy:
        found.map(({ availability }) => (availability.available ? '' : availability.remedy)).find((text) => text !== '') ?? '',
    })
  }
  if (others.length === 0) {
    const reason = `auto: ${only.name}, the only backend that is here${found.length > 1 ? ' on hardware' : ''}`
    remembered.set(key, { name: only.name, reason })
    return { backend: only.backend, compiled: await only.backend.compile(architecture, parameters), reason }
  }
  const candidates: Candidate[] = []
  // One after the other: two at once would slow each other down.
  for (const { backend } of usable) candidates.push(await time(backend, architecture, parameters))
  const [best, ...slower] = candidates.sort((a, b) => a.milliseconds - b.milliseconds)
  for (const { compiled } of slower) compiled.dispose()
  const times = candidates.map(({ backend, milliseconds }) => `${backend.name} ${milliseconds.toFixed(1)} ms`)
  const reason = `auto: ${best!.backend.name}, the fastest of ${times.join(', ')}`
  remembered.set(key, { name: best!.backend.name as Named, reason })
  return { backend: best!.backend, compiled: best!.compiled, reason }
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
  if (wanted === 'auto') return chooseFastest(architecture, parameters, threads)
  const backend = typeof wanted === 'string' ? await backends[wanted](threads) : wanted
  return { backend, compiled: await backend.compile(architecture, parameters), reason: `${backend.name}, as asked for` }
}
