import { type Command, Option } from 'commander'
import colors from 'picocolors'
import type { Answer } from '../answers.js'
import { requireClassifier } from '../model.js'
import type { Classified } from './ask.js'
import { csvLine } from './csv.js'
import { eachPicture } from './each-picture.js'
import { addJobFlags, type JobFlags, openAnswerer } from './jobs.js'
import { parseCount } from './option-parsers.js'
import { print } from './output.js'
import { pictureFiles, picturesArgument } from './picture-files.js'
import { halfBlocks, previewSize } from './preview.js'
import { printable, printableJson } from './printable.js'

interface ClassifyFlags extends JobFlags {
  readonly top: number
  readonly json?: true
  readonly csv?: true
}

const csvColumns = ['file', 'rank', 'index', 'label', 'probability']

const barWidth = 24

function answerLine({ label, probability }: Answer): string {
  const percent = `${(100 * probability).toFixed(1)} %`.padStart(8)
  return `  ${colors.green('█'.repeat(Math.round(probability * barWidth)).padEnd(barWidth, '░'))}${percent}  ${printable(label)}`
}

function textOf(file: string, { top, preview }: Classified): string {
  return [colors.bold(printable(file)), ...(preview === null ? [] : [halfBlocks(preview)]), ...top.map(answerLine)].join('\n')
}

function jsonOf(file: string, { top, backend, device, model, milliseconds }: Classified): string {
  return printableJson({ file, top, backend, device, model, milliseconds })
}

function csvOf(file: string, { top }: Classified): string {
  return top.map(({ index, label, probability }, rank) => csvLine([file, rank + 1, index, label, probability])).join('\n')
}

async function classifyFiles(paths: readonly string[], { top, json, csv, ...flags }: ClassifyFlags): Promise<void> {
  const files = await pictureFiles(paths)
  if (files.length === 0) return
  await using answerer = await openAnswerer(flags, files.length, requireClassifier)
  const question = { top, preview: json || csv ? 0 : previewSize(), decode: flags.decode }
  if (csv) print(csvLine(csvColumns))
  const textOfAnswer = json ? jsonOf : csv ? csvOf : textOf
  await eachPicture(files, answerer.atOnce, (source) => answerer.classify(source, question), textOfAnswer)
}

/** `classify`: the most probable classes of each picture. */
export function addClassify(program: Command): void {
  const command = program
    .command('classify')
    .description('print the most probable classes of each picture')
    .argument('<files...>', picturesArgument)
  addJobFlags(command)
    .option('--top <count>', 'how many answers to print for each picture', parseCount, 5)
    .option('--json', 'print one JSON object per line: file, top, backend, device, model, milliseconds')
    .addOption(new Option('--csv', `print one answer per line: ${csvColumns.join(', ')}`).conflicts('json'))
    .action(classifyFiles)
}
