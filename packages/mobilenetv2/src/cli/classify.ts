import { defaultModel } from '@mobilenetv2/zoo'
import { type Command, Option } from 'commander'
import colors from 'picocolors'
import type { Answer } from '../answers.js'
import { type BackendName, backendNames } from '../backends.js'
import { load } from '../load.js'
import type { Model } from '../model.js'
import { parseNumber } from './option-parsers.js'
import { startProgress } from './progress.js'

interface ClassifyFlags {
  readonly model?: string
  readonly top: number
  readonly backend: BackendName
  readonly json?: true
}

const barWidth = 24

function answerLine({ label, probability }: Answer): string {
  const percent = `${(100 * probability).toFixed(1)} %`.padStart(8)
  return `  ${colors.green('█'.repeat(Math.round(probability * barWidth)).padEnd(barWidth, '░'))}${percent}  ${label}`
}

function textOf(file: string, answers: readonly Answer[]): string {
  return [colors.bold(file), ...answers.map(answerLine)].join('\n')
}

async function openChosen(flags: ClassifyFlags): Promise<Model> {
  if (flags.model !== undefined) return load(flags.model, { backend: flags.backend })
  const { source, reason } = await defaultModel(process.env.MOBILENETV2_MODELS)
  const model = await load(source, { backend: flags.backend })
  console.error(`${reason} Backend: ${model.info.backend} (${model.info.device}).`)
  return model
}

async function classifyFiles(files: readonly string[], flags: ClassifyFlags): Promise<void> {
  using model = await openChosen(flags)
  const progress = await startProgress(files.length)
  try {
    for await (const outcome of model.classifyBatch(files, { top: flags.top })) {
      const { picture: file } = outcome
      if ('error' in outcome) {
        process.exitCode = 1
        const { error } = outcome
        progress.print(process.stderr, error instanceof Error ? error.message : String(error))
      } else {
        const { answers, milliseconds } = outcome
        const { backend, device } = model.info
        const line = flags.json
          ? JSON.stringify({ file, top: answers, backend, device, model: model.info.file, milliseconds })
          : textOf(file, answers)
        progress.print(process.stdout, line)
      }
      progress.advance()
    }
  } finally {
    progress.stop()
  }
}

/** `classify`: what is on each of the pictures. */
export function addClassify(program: Command): void {
  program
    .command('classify')
    .description('say what is on each picture')
    .argument('<files...>', 'paths or URLs of JPEG, PNG, WebP, GIF or AVIF files')
    .option(
      '--model <file>',
      'path or URL of a checkpoint, or a model id (default: an ImageNet model from MOBILENETV2_MODELS, else the one inside npm nsfwjs)',
    )
    .option('--top <count>', 'answers a picture', parseNumber, 5)
    .addOption(new Option('--backend <name>', 'what runs the network').choices(backendNames).default('wasm'))
    .option('--json', 'one JSON object a line: file, top, backend, device, model, milliseconds')
    .action(classifyFiles)
}
