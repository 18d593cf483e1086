import { compile, type Network } from 'mobilenetv2'
import { type BackendId, openChosen } from '../../engine/backends.js'

/** What can race: the backends, and one peer. */
export type RacerId = BackendId | 'onnxruntime-web'

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

/** Times a network on one racer; each run is reported in milliseconds. */
export async function race(
  id: RacerId,
  network: Network,
  runs: number,
  report: (milliseconds: number) => void,
): Promise<{ readonly device: string }> {
  const racer = await open(id, network)
  try {
    // The first run pays for what an engine puts off.
    await racer.run()
    for (let run = 1; run <= runs; run++) {
      const start = performance.now()
      await racer.run()
      report(performance.now() - start)
      // Lets the report go out.
      await new Promise((resolve) => setTimeout(resolve))
    }
    return { device: racer.device }
  } finally {
    racer.dispose()
  }
}
