import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { meansOfMiddle } from '@mobilenetv2/runtime'
import type { Layer, LayerId, LayerTime } from '@mobilenetv2/spec'
import type { Session, SessionOptions } from './session.js'

/** The first runs are not timed: they allocate memory and start threads. */
const rounds = { warmUp: 8, timed: 16 } as const

/** An event in the JSON that ONNX Runtime writes when it profiles. */
interface TraceEvent {
  readonly cat: string
  readonly name: string
  /** The duration in microseconds. */
  readonly dur: number
}

/** The layer that a node belongs to. The node's name begins as `toOnnx` named it; ONNX Runtime appends text when it fuses and reorders. */
function layerOf(name: string, layers: readonly Layer[]): LayerId | null {
  const [prefix] = /^[a-z]+\d*(\.[a-z]+)?/.exec(name) ?? []
  if (prefix === 'logits') return layers.at(-1)!.id
  return layers.find(({ id }) => id === prefix)?.id ?? null
}

/**
 * The milliseconds of each layer in each run, from a profile that ONNX Runtime wrote. The profile is a list of events, in which the event
 * of a run follows the events of its nodes.
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
 * The times of the layers, and an entry without layers for the rest of a run.
 * @param wholes the milliseconds that the caller waited for each run
 * @param traced the milliseconds of each layer in each run, by ONNX Runtime; if null or incomplete, one entry stands for all layers
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

/** The milliseconds of each round, including the rounds that warm up. */
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
 * Times the whole network as one entry. For nodes on a GPU, ONNX Runtime's trace has only the time of submitting them.
 * @param run runs a picture of zeros
 */
export async function profileNetwork(layers: readonly Layer[], run: () => Promise<unknown>): Promise<LayerTime[]> {
  return layerTimes(layers, (await timeRounds(run)).slice(rounds.warmUp), null)
}

/**
 * Times each layer, in a new session: ONNX Runtime traces only sessions that are opened with `enableProfiling`.
 * @param open opens a session with these additional options
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
