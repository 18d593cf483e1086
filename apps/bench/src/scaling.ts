import { type CompiledModel, defineMobileNetV2, totalMultiplyAdds } from '@mobilenetv2/spec'
import { seededInput, seededParameters } from '@mobilenetv2/testing'
import { openWasm } from './contenders/open-wasm.js'
import { messageOf } from './message.js'
import { type RoundsSettings, timeRounds } from './rounds.js'
import { median } from './statistics.js'

/** The quantity that is varied. All others stay at the paper's network: 224 x 224, width multiplier 1, batch 1, one thread. */
export type Series = 'batch' | 'size' | 'widthMultiplier' | 'threads'

/** A network, a batch size and a number of threads. */
export interface ScalingPoint {
  readonly series: Series
  readonly size: number
  readonly widthMultiplier: number
  readonly batch: number
  readonly threads: number
}

/** The time of a point, or the reason why it could not run. */
export interface ScalingTime {
  readonly point: ScalingPoint
  /** The multiply-adds of the whole batch. */
  readonly multiplyAdds: number
  readonly medianMs: number | null
  readonly error: string | null
}

/** The work of one process or page. */
export interface ScalingJob {
  readonly points: readonly ScalingPoint[]
  readonly runs: number
}

const published: Omit<ScalingPoint, 'series'> = { size: 224, widthMultiplier: 1, batch: 1, threads: 1 }

/** All points, series by series: batch 1 to 32, size 96 to 448, width multiplier 0.35 to 1.4, 1 to `cores` threads. */
export function scalingPoints(cores: number): ScalingPoint[] {
  const values: Readonly<Record<Series, readonly number[]>> = {
    batch: [1, 2, 4, 8, 16, 32],
    size: [96, 128, 160, 192, 224, 288, 352, 448],
    widthMultiplier: [0.35, 0.5, 0.75, 1, 1.3, 1.4],
    threads: Array.from({ length: cores }, (_, index) => index + 1),
  }
  return (Object.keys(values) as Series[]).flatMap((series) =>
    values[series].map((value) => ({ ...published, series, [series]: value })),
  )
}

const spare = { warmUp: 5, warmUpMs: 1000, budgetMs: 4000 } as const

interface OpenedPoint {
  readonly point: ScalingPoint
  readonly multiplyAdds: number
  /** Null if the point cannot run. */
  readonly model: CompiledModel | null
  readonly error: string | null
}

async function openPoint(point: ScalingPoint): Promise<OpenedPoint> {
  const architecture = defineMobileNetV2({ widthMultiplier: point.widthMultiplier, height: point.size, width: point.size })
  const opened = { point, multiplyAdds: totalMultiplyAdds(architecture) * point.batch }
  try {
    return {
      ...opened,
      model: await (await openWasm(point.threads)).compile(architecture, seededParameters(architecture)),
      error: null,
    }
  } catch (error) {
    return { ...opened, model: null, error: messageOf(error) }
  }
}

async function timeSeries(points: readonly ScalingPoint[], runs: number): Promise<ScalingTime[]> {
  const opened: OpenedPoint[] = []
  for (const point of points) opened.push(await openPoint(point))
  const settings: RoundsSettings = { runs, ...spare, threaded: points.some(({ threads }) => threads > 1) }
  const rounds = await timeRounds(
    opened.map(({ point: { batch }, model }) => {
      const input = model === null ? null : seededInput(model.architecture, batch)
      return () => (input === null ? null : model?.run(input, { batch }))
    }),
    settings,
    () => undefined,
  )
  for (const { model } of opened) model?.dispose()
  return opened.map(({ point, multiplyAdds, model, error }, index) => {
    const times = rounds[index]!.filter((time) => time !== null)
    return { point, multiplyAdds, medianMs: model === null ? null : median(times), error }
  })
}

/** Times the points of each series in turn, in one process or page. It does not check the answers: the conformance suite does. */
export async function measureScaling({ points, runs }: ScalingJob, progress: (text: string) => void): Promise<ScalingTime[]> {
  const times: ScalingTime[] = []
  for (const series of new Set(points.map((point) => point.series))) {
    progress(`scaling with ${series}`)
    const own = points.filter((point) => point.series === series)
    times.push(...(await timeSeries(own, runs)))
  }
  return times
}
