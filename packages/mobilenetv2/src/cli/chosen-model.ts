import type { Network } from '@mobilenetv2/weights'
import { locateModelFile, zooEntry, zooTitle } from '@mobilenetv2/zoo'
import { type Command, Option } from 'commander'
import { type BackendName, backendNames, checkCompileOptions, type Precision, precisions } from '../backends.js'
import { compile, type Model } from '../model.js'
import { defaultModel, readNetwork } from '../read-network.js'
import { parseNumber } from './option-parsers.js'
import { say } from './output.js'
import { printable } from './printable.js'
import { startByteProgress } from './progress.js'
import { addReadingFlags, type ReadingFlags, readingOptions } from './reading-flags.js'

/** The flags of every command that runs a model. */
export interface ModelFlags extends ReadingFlags {
  readonly model?: string | undefined
  readonly backend: BackendName | 'auto'
  readonly threads?: number | undefined
  readonly precision?: Precision | undefined
}

/** Adds the flags that choose a model and what runs it. */
export function addModelFlags(command: Command): Command {
  return addReadingFlags(command)
    .option(
      '--model <file>',
      `path or URL of a checkpoint, path of its folder, or a model id (default: ${defaultModel}, an ImageNet model of 4 MB)`,
    )
    .addOption(new Option('--backend <name>', 'what runs the network').choices(['auto', ...backendNames]).default('auto'))
    .option(
      '--threads <count>',
      'threads of one run, with the backends wasm (0: the calling thread) and onnxruntime (default: the choice of the backend)',
      parseNumber,
    )
    .addOption(
      new Option(
        '--precision <name>',
        'the numbers to compute with: float16 on the backend webgpu; int8 on wasm, with a quantised model; auto: int8 where it is faster (default: float32)',
      ).choices(precisions),
    )
}

/** The network of the checkpoint that the flags name, or of the default one, with a sentence for the terminal that says so. */
export async function readChosenNetwork({
  model,
  ...flags
}: Pick<ModelFlags, 'model' | keyof ReadingFlags>): Promise<{ network: Network; reason: string | null }> {
  const options = await readingOptions(flags)
  const progress = await startByteProgress(model ?? defaultModel)
  const network = await readNetwork(model, { ...options, onProgress: progress.update }).finally(progress.stop)
  if (model !== undefined) return { network, reason: null }
  return {
    network,
    reason: printable(`${zooTitle(zooEntry(defaultModel))}: ${(await locateModelFile(defaultModel)) ?? network.source.file}.`),
  }
}

/** The model that the flags name, or the default one, which is said on stderr. */
export async function openChosenModel({ backend, threads, precision, ...flags }: ModelFlags): Promise<Model> {
  await checkCompileOptions({ backend, threads, precision })
  const { network, reason } = await readChosenNetwork(flags)
  const model = await compile(network, { backend, threads, precision })
  if (reason !== null) say(`${reason} Backend: ${model.backend} (${printable(model.device)}).`)
  return model
}
