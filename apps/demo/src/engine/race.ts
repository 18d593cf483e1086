import type { Architecture, Parameters } from '@mobilenetv2/spec'
import { type BackendId, openBackend } from './backends.js'

/** What can race: the backends, and one peer. */
export type RacerId = BackendId | 'onnxruntime-web'

/** A network that is ready to run on one black picture. */
export interface Racer {
  readonly device: string
  run(): Promise<unknown>
  dispose(): void
}

async function open(id: RacerId, architecture: Architecture, parameters: Parameters): Promise<Racer> {
  if (id === 'onnxruntime-web') return (await import('./onnx-runtime.js')).openOnnxRuntime(architecture, parameters)
  const compiled = await (await openBackend(id)).compile(architecture, parameters)
  const { height, width, channels } = architecture.input
  const input = new Float32Array(height * width * channels)
  return { device: compiled.device, run: () => compiled.run(input), dispose: () => compiled.dispose() }
}

/** Times a network on one racer; each run is reported in milliseconds. */
export async function race(
  id: RacerId,
  architecture: Architecture,
  parameters: Parameters,
  runs: number,
  report: (milliseconds: number) => void,
): Promise<{ readonly device: string }> {
  const racer = await open(id, architecture, parameters)
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
