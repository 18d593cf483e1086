import {
  type Architecture,
  type Availability,
  type Backend,
  type CompiledModel,
  inputLength,
  MobileNetV2Error,
} from '@mobilenetv2/spec'
import type { CompiledNetwork } from './backends.js'
import { recall, remember } from './remembered.js'

/** A backend of the registry, and whether it can run here. */
export interface FoundBackend {
  /** The backend's name, as the option `backend` takes it. */
  readonly name: string
  /** Null if a package that it needs is not installed. */
  readonly backend: Backend | null
  /** The device that it runs on here, or why it cannot run and what would help. */
  readonly availability: Availability
  /** Whether `auto` tries it. */
  readonly auto: boolean
}

/** A network that a backend has compiled, and why this backend was chosen. */
export interface ChosenBackend {
  readonly backend: Backend
  readonly compiled: CompiledModel
  readonly reason: string
}

interface Candidate extends Omit<ChosenBackend, 'reason'> {
  readonly milliseconds: number
}

/**
 * How many runs are timed; the fastest counts. An untimed run comes first, because engines compile some code only at its first use.
 */
const timedRuns = 3

async function time(backend: Backend, { architecture, parameters, integers }: CompiledNetwork): Promise<Candidate> {
  const compiled = await backend.compile(architecture, parameters, integers)
  try {
    const zeros = new Float32Array(inputLength(architecture))
    await compiled.run(zeros)
    let milliseconds = Number.POSITIVE_INFINITY
    for (let run = 0; run < timedRuns; run++) {
      const start = performance.now()
      await compiled.run(zeros)
      milliseconds = Math.min(milliseconds, performance.now() - start)
    }
    return { backend, compiled, milliseconds }
  } catch (error) {
    compiled.dispose()
    throw error
  }
}

/** Compiles on every backend, times each, and keeps the fastest; the reason names the times of all. */
async function chooseTimed(usable: readonly Backend[], network: CompiledNetwork): Promise<ChosenBackend> {
  const candidates: Candidate[] = []
  const failures: { readonly name: string; readonly error: unknown }[] = []
  // One after the other: two at once would slow each other down.
  for (const backend of usable) {
    try {
      candidates.push(await time(backend, network))
    } catch (error) {
      failures.push({ name: backend.name, error })
    }
  }
  const [best, ...slower] = candidates.sort((a, b) => a.milliseconds - b.milliseconds)
  if (best === undefined) throw failures[0]?.error
  for (const { compiled } of slower) compiled.dispose()
  const others = [
    ...slower.map(({ backend, milliseconds }) => `${backend.name} ${milliseconds.toFixed(1)} ms`),
    ...failures.map(({ name, error }) => `${name} failed (${error instanceof Error ? error.message.split('\n')[0] : error})`),
  ]
  const { backend, compiled, milliseconds } = best
  return { backend, compiled, reason: `auto: ${backend.name} ${milliseconds.toFixed(1)} ms, ${others.join(', ')}` }
}

/** The key of a remembered choice: the network's sizes and the devices, because the fastest backend depends on both. */
function keyOf({ family, input, layers }: Architecture, devices: readonly string[]): string {
  return JSON.stringify([family, input, layers.map(({ output }) => output.channels), devices])
}

/**
 * Compiles a network on the fastest of the backends that can run here on hardware. The backends are timed once, and the choice is
 * remembered.
 * @throws MobileNetV2Error `BACKEND` if no backend can run here. If all of them fail, the error of the first
 */
export async function chooseFastest(found: readonly FoundBackend[], network: CompiledNetwork): Promise<ChosenBackend> {
  const { architecture, parameters, integers } = network
  const usable = found.flatMap(({ backend, availability }) =>
    backend !== null && availability.available && availability.software !== true ? [{ backend, device: availability.device }] : [],
  )
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
    const reason = `auto: ${only.backend.name}, the only backend that is here${found.length > 1 ? ' on hardware' : ''}`
    return { backend: only.backend, compiled: await only.backend.compile(architecture, parameters, integers), reason }
  }
  const key = keyOf(
    architecture,
    usable.map(({ device }) => device),
  )
  const known = recall(key)
  const recalled = usable.find(({ backend }) => backend.name === known?.name)?.backend
  if (known !== undefined && recalled !== undefined) {
    try {
      return {
        backend: recalled,
        compiled: await recalled.compile(architecture, parameters, integers),
        reason: `${known.reason}, as remembered`,
      }
    } catch {
      // The remembered backend fails now, so all backends are timed again. The new reason names the failure.
    }
  }
  const chosen = await chooseTimed(
    usable.map(({ backend }) => backend),
    network,
  )
  remember(key, { name: chosen.backend.name, reason: chosen.reason })
  return chosen
}
