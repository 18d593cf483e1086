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

/** Adds the flags that choose a model, a backend and its options. */
export function addModelFlags(command: Command): Command {
  return addReadingFlags(command)
    .option(
      '--model <file>',
      `path or URL of a checkpoint, path of its folder, or an id that \`models\` lists (default: ${defaultModel}, an ImageNet model of 4 MB)`,
    )
    .addOption(
      new Option('--backend <name>', 'what runs the network; auto: the fastest that runs here')
        .choices(['auto', ...backendNames])
        .default('auto'),
    )
    .option(
      '--threads <count>',
      'threads that share one run, for the backends wasm (0: the calling thread) and onnxruntime (default: the backend chooses)',
      parseNumber,
    )
    .addOption(
      new Option(
        '--precision <name>',
        'the numbers to compute with: float16 on webgpu; int8 on wasm, if the model is quantised; auto on wasm: int8 if that is faster (default: float32)',
      ).choices(precisions),
    )
}

/** The network that the flags name. */
export interface ChosenNetwork {
  readonly network: Network
  /** For the default network a sentence that says which file it came from, else null. */
  readonly reason: string | null
}

/** Reads the network that the flags name, or the default network. */
export async function readChosenNetwork({
  model,
  ...flags
}: Pick<ModelFlags, 'model' | keyof ReadingFlags>): Promise<ChosenNetwork> {
  const options = await readingOptions(flags)
  const progress = await startByteProgress(model ?? defaultModel)
  const network = await readNetwork(model, { ...options, onProgress: progress.update }).finally(progress.stop)
  if (model !== undefined) return { network, reason: null }
  return {
    network,
    reason: printable(`${zooTitle(zooEntry(defaultModel))}: ${(await locateModelFile(defaultModel)) ?? network.source.file}.`),
  }
}

/** The model of a network that was read. The default model is named on stderr. */
export async function compileChosen(
  { network, reason }: ChosenNetwork,
  { backend, threads, precision }: ModelFlags,
): Promise<Model> {
  const model = await compile(network, { backend, threads, precision })
  if (reason !== null) say(`${reason} Backend: ${model.backend} (${printable(model.device)}).`)
  return model
}

/** The model that the flags name; or the default model, which is then named on stderr. */
export async function openChosenModel(flags: ModelFlags): Promise<Model> {
  const { backend, threads, precision } = flags
  await checkCompileOptions({ backend, threads, precision })
  return compileChosen(await readChosenNetwork(flags), flags)
}
