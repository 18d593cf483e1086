import { defaultModel } from '@mobilenetv2/zoo'
import { type Command, Option } from 'commander'
import { type BackendName, backendNames } from '../backends.js'
import { load } from '../load.js'
import type { Model } from '../model.js'
import { startByteProgress } from './progress.js'

/** The flags of every command that runs a model. */
export interface ModelFlags {
  readonly model?: string
  readonly backend: BackendName
}

/** Adds the flags that choose a model and what runs it. */
export function addModelFlags(command: Command): Command {
  return command
    .option(
      '--model <file>',
      'path or URL of a checkpoint, or a model id (default: an ImageNet model from MOBILENETV2_MODELS, else the one inside npm nsfwjs)',
    )
    .addOption(new Option('--backend <name>', 'what runs the network').choices(backendNames).default('wasm'))
}

/** The model that the flags name, or the default one, which is said on stderr. */
export async function openChosenModel({ model, backend }: ModelFlags): Promise<Model> {
  if (model !== undefined) {
    const progress = await startByteProgress(model)
    return load(model, { backend, onProgress: progress.update }).finally(progress.stop)
  }
  const { source, reason } = await defaultModel(process.env.MOBILENETV2_MODELS)
  const opened = await load(source, { backend })
  console.error(`${reason} Backend: ${opened.info.backend} (${opened.info.device}).`)
  return opened
}
