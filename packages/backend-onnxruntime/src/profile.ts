import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { meansOfMiddle } from '@mobilenetv2/runtime'
import type { Layer, LayerId, LayerTime } from '@mobilenetv2/spec'
import type { Session, SessionOptions } from './session.js'

/** The first runs allocate memory and wake threads. */
const rounds = { warmUp: 8, timed: 16 } as const

interface TraceEvent {
  readonly cat: string
  readonly name: string
  /** Microseconds. */
  readonly dur: number
}

/** The layer of a node: names are those of `toOnnx`, with what ONNX Runtime appends when it fuses and reorders nodes. */
function layerOf(name: string, layers: readonly Layer[]): LayerId | null {
  const [prefix] = /^[a-z]+\d*(\.[a-z]+)?/.exec(name) ?? []
  if (prefix === 'logits') return layers.at(-1)!.id
  return layers.find(({ id }) => id === prefix)?.id ?? null
}

/**
 * The milliseconds of each layer, for each run of a profile that ONNX Runtime wrote: a list of events, in which a run follows the
 * nodes that it consists of.
 */
export function readTrace(json: string, layers: readonly Layer[]): ReadonlyMap<LayerId, number>[] {
  const runs: ReadonlyMap<LayerId, number>[] = []
  let times = new Map<LayerId, number>()
  for (const { cat, name, dur } of JSON.parse(json) as readonly TraceEvent[]) {
    if (cat === 'Node' && name.endsWith('_kernel_time')) {
      const layer = layerOf(name, layers)
      if (layer !== null) times.set(layer, (times.get(layer) ?? 0) + dur / 1000)
    } else if (cat === 'Session' && name === 'model_run') {
      runs.push(times)
      times = new Map()
    }
  }
  return runs
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/**
 * The times of the layers, from whole runs and from ONNX Runtime's trace of them, and an entry for the rest of the run.
 * @param wholes milliseconds of each run, as the caller waits for it
 * @param traced for each run, the milliseconds of each layer; null if they are not known: then one entry holds all layers
 */
export function layerTimes(
  layers: readonly Layer[],
  wholes: readonly number[],
  traced: readonly ReadonlyMap<LayerId, number>[] | null,
): LayerTime[] {
  const ids = layers.map(({ id }) => id)
  const apart = traced?.length === wholes.length && traced.every((times) => ids.every((id) => times.has(id)))
  if (!apart) return [{ layers: ids, milliseconds: meansOfMiddle(wholes.map((whole) => [whole]))[0]! }]
  const rows = wholes.map((whole, run) => {
    const times = ids.map((id) => traced[run]!.get(id)!)
    return [...times, Math.max(0, whole - sum(times))]
  })
  return meansOfMiddle(rows).map((milliseconds, index) => ({ layers: ids.slice(index, index + 1), milliseconds }))
}

/** Milliseconds of each round, those that warm up among them. */
async function timeRounds(run: () => Promise<unknown>): Promise<number[]> {
  const wholes: number[] = []
  for (let round = 0; round < rounds.warmUp + rounds.timed; round++) {
    const start = performance.now()
    await run()
    wholes.push(performance.now() - start)
  }
  return wholes
}

/**
 * Times the whole network, as one entry: ONNX Runtime's trace has of a GPU's nodes only the time that it takes to hand them over.
 * @param run runs a picture of zeros
 */
export async function profileNetwork(layers: readonly Layer[], run: () => Promise<unknown>): Promise<LayerTime[]> {
  return layerTimes(layers, (await timeRounds(run)).slice(rounds.warmUp), null)
}

/**
 * Times each layer, in a session of its own: ONNX Runtime traces only sessions that were opened for it.
 * @param open opens the session with these options beside its own
 * @param run runs a picture of zeros
 */
export async function profileLayers(
  layers: readonly Layer[],
  open: (options: Pick<SessionOptions, 'enableProfiling' | 'profileFilePrefix'>) => Promise<Session>,
  run: (session: Session) => Promise<unknown>,
): Promise<LayerTime[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mobilenetv2-'))
  try {
    const session = await open({ enableProfiling: true, profileFilePrefix: join(folder, 'profile') })
    let wholes: number[]
    try {
      wholes = await timeRounds(() => run(session))
    } finally {
      // The trace is written when the session is freed.
      await session.close(new Error('the profile is done'))
    }
    const [file = ''] = await readdir(folder)
    const traced = readTrace(await readFile(join(folder, file), 'utf8'), layers)
    return layerTimes(layers, wholes.slice(rounds.warmUp), traced.slice(rounds.warmUp))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
