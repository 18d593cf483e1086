import { joinVectors } from '@mobilenetv2/backend-wasm'
import type { LayerTime } from '@mobilenetv2/spec'
import type { Command } from 'commander'
import { type CompileOptions, findBackends } from '../backends.js'
import { compile, type Model } from '../model.js'
import { addModelFlags, type ModelFlags, readChosenNetwork } from './chosen-model.js'
import { parseCount } from './option-parsers.js'
import { print, say } from './output.js'
import { printable, printableJson } from './printable.js'

interface BenchFlags extends ModelFlags {
  readonly runs: number
  readonly json?: true
}

/** How fast a model runs on one backend. Times are milliseconds for one picture, without decoding and preprocessing. */
interface Timing {
  readonly backend: string
  readonly device: string
  readonly median: number
  readonly minimum: number
  readonly layers: readonly LayerTime[]
}

/** Runs before the timed ones: an engine optimises code only after it has run often. */
const warmupRuns = 5

async function time(model: Model, runs: number): Promise<Timing> {
  for (let run = 0; run < warmupRuns; run++) await model.warmup()
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const start = performance.now()
    await model.warmup()
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  return {
    backend: model.backend,
    device: model.device,
    median: times[times.length >> 1]!,
    minimum: times[0]!,
    layers: await model.profile(),
  }
}

function textOf({ backend, device, median, minimum, layers }: Timing): string {
  const total = layers.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const lines = layers.map(({ layers: ids, milliseconds }) => {
    const share = `${((100 * milliseconds) / total).toFixed(1)} %`
    return `${milliseconds.toFixed(3).padStart(9)} ms${share.padStart(8)}  ${ids.length === 0 ? 'outside of the layers' : printable(ids.join(' + '))}`
  })
  return [`${backend} (${printable(device)}): median ${median.toFixed(2)} ms, minimum ${minimum.toFixed(2)} ms`, ...lines].join(
    '\n',
  )
}

/** The backend that the flag names; with `auto`, every backend that can run here, so that they can be compared. */
async function backendsOf({ backend, threads, precision }: ModelFlags): Promise<readonly CompileOptions[]> {
  if (backend !== 'auto') return [{ backend, threads, precision }]
  const found = await findBackends({ threads, precision })
  return found.flatMap(({ backend: each, availability }) => (each !== null && availability.available ? [{ backend: each }] : []))
}

/** `bench`: times a model here, layer by layer. */
export function addBench(program: Command): void {
  const command = program
    .command('bench')
    .description(
      'time a model on this machine, layer by layer: on every backend that runs here, or on the one that --backend names',
    )
  addModelFlags(command)
    .option('--runs <count>', 'how many runs are timed, for the median and the minimum', parseCount, 50)
    .option('--json', 'print one JSON object per line: backend, device, median, minimum, layers; times in milliseconds')
    .action(async ({ runs, json, ...flags }: BenchFlags) => {
      const { network, reason } = await readChosenNetwork(flags)
      if (reason !== null) say(reason)
      joinVectors()
      for (const options of await backendsOf(flags)) {
        using model = await compile(network, options)
        const timing = await time(model, runs)
        print(json ? printableJson(timing) : textOf(timing))
      }
    })
}
