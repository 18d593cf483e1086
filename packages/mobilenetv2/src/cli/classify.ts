import type { Command } from 'commander'
import colors from 'picocolors'
import type { Answer } from '../answers.js'
import { addModelFlags, type ModelFlags, openChosenModel } from './chosen-model.js'
import { parseNumber } from './option-parsers.js'
import { pictureFiles } from './picture-files.js'
import { startProgress } from './progress.js'

interface ClassifyFlags extends ModelFlags {
  readonly top: number
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

async function classifyFiles(paths: readonly string[], flags: ClassifyFlags): Promise<void> {
  using model = await openChosenModel(flags)
  const files = await pictureFiles(paths)
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
  const command = program
    .command('classify')
    .description('say what is on each picture')
    .argument('<files...>', 'paths or URLs of JPEG, PNG, WebP, GIF or AVIF files, or folders of them')
  addModelFlags(command)
    .option('--top <count>', 'answers a picture', parseNumber, 5)
    .option('--json', 'one JSON object a line: file, top, backend, device, model, milliseconds')
    .action(classifyFiles)
}
