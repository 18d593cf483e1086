import { compile, type Network } from 'mobilenetv2'
import { openChosen } from '../../engine/backends.js'
import { opened } from '../../engine/current.js'
import type { RacerId } from './racers.js'

/** A network that is ready to run on one black picture. */
export interface Racer {
  readonly device: string
  run(): Promise<unknown>
  dispose(): void
}

async function open(id: RacerId, network: Network): Promise<Racer> {
  if (id === 'onnxruntime-web') return (await import('./onnx-runtime.js')).openOnnxRuntime(network)
  const model = await compile(network, { backend: await openChosen(id) })
  return { device: model.device, run: () => model.warmup(), dispose: () => model.dispose() }
}

/** The network that races: the one that was loaded when the race began, whatever is loaded meanwhile. */
let pinned: Network | null = null
const entered = new Map<RacerId, Racer>()

function end(): void {
  for (const racer of entered.values()) racer.dispose()
  entered.clear()
  pinned = null
}

/** What this part asks of the engine. */
export const operations = {
  /** Begins a race with the loaded network. */
  async begin(): Promise<void> {
    end()
    pinned = opened().network
  },

  /** Makes a racer ready. Its first run does not count: some engines finish their preparations in it. */
  async enter(id: RacerId): Promise<{ readonly device: string }> {
    if (pinned === null) throw new Error('The race is over.')
    const racer = await open(id, pinned)
    try {
      await racer.run()
    } catch (error) {
      racer.dispose()
      throw error
    }
    entered.set(id, racer)
    return { device: racer.device }
  },

  /** Runs a racer once, and gives the milliseconds that it took. */
  async run(id: RacerId): Promise<number> {
    const racer = entered.get(id)
    if (racer === undefined) throw new Error('The race is over.')
    const start = performance.now()
    await racer.run()
    return performance.now() - start
  },

  /** Frees what the race holds. */
  end: async (): Promise<void> => end(),
}
