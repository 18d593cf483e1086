import { defaultModel } from '@mobilenetv2/zoo'
import { type Command, Option } from 'commander'
import { type BackendName, backendNames } from '../backends.js'
import { compileModel, type ModelContent, readModel } from '../load.js'
import type { Model } from '../model.js'
import { parseNumber } from './option-parsers.js'
import { startByteProgress } from './progress.js'

/** The flags of every command that runs a model. */
export interface ModelFlags {
  readonly model?: string
  readonly backend: BackendName
  readonly threads?: number
}

/** Adds the flags that choose a model and what runs it. */
export function addModelFlags(command: Command): Command {
  return command
    .option(
      '--model <file>',
      'path or URL of a checkpoint, or a model id (default: an ImageNet model from MOBILENETV2_MODELS, else the one inside npm nsfwjs)',
    )
    .addOption(new Option('--backend <name>', 'what runs the network').choices(backendNames).default('auto'))
    .option('--threads <count>', 'threads of the backend wasm (default: the calling one)', parseNumber)
}

/** The checkpoint that the flags name, read; or the default one, and why it is that. */
export async function readChosenModel({
  model,
}: Pick<ModelFlags, 'model'>): Promise<{ content: ModelContent; reason: string | null }> {
  if (model !== undefined) {
    const progress = await startByteProgress(model)
    return { content: await readModel(model, { onProgress: progress.update }).finally(progress.stop), reason: null }
  }
  const { source, reason } = await defaultModel(process.env.MOBILENETV2_MODELS)
  return { content: await readModel(source), reason }
}

/** The model that the flags name, or the default one, which is said on stderr. */
export async function openChosenModel(flags: ModelFlags): Promise<Model> {
  const { content, reason } = await readChosenModel(flags)
  const model = await compileModel(content, flags)
  if (reason !== null) console.error(`${reason} Backend: ${model.info.backend} (${model.info.device}).`)
  return model
}
