import { joinVectors } from '@mobilenetv2/backend-wasm'
import { type Command, Option } from 'commander'
import type { ClassEvaluation, Evaluation } from '../evaluate/evaluation.js'
import { requireClassifier } from '../model.js'
import { writeFiles } from '../write-files.node.js'
import { addModelFlags, type ModelFlags, openChosenModel } from './chosen-model.js'
import { csvLine } from './csv.js'
import { errorText } from './error-text.js'
import { evaluationPage } from './evaluation-page.js'
import { evaluationText } from './evaluation-text.js'
import { parseNumber } from './option-parsers.js'
import { print, report, say } from './output.js'
import { decodeOption } from './picture-files.js'
import { printable, printableJson } from './printable.js'
import { startWorkProgress } from './progress.js'

interface EvaluateFlags extends ModelFlags {
  readonly decode?: 'exact' | 'fast'
  readonly pictureLabels?: string
  readonly mistakes: number
  readonly temperature?: true
  readonly json?: true
  readonly csv?: true
  readonly html?: string
}

const csvColumns = ['index', 'label', 'pictures', 'answered', 'right', 'precision', 'recall', 'f1'] as const

function csvOf(evaluation: Evaluation): string {
  const lineOf = (each: ClassEvaluation): string => csvLine(csvColumns.map((column) => each[column] ?? ''))
  return [csvLine(csvColumns), ...evaluation.classes.map(lineOf)].join('\n')
}

function jsonOf(evaluation: Evaluation): string {
  const skipped = evaluation.skipped.map((each) => ({ ...each, error: errorText(each.error) }))
  return printableJson({ ...evaluation, skipped }, 2)
}

async function evaluateFolder(folder: string, flags: EvaluateFlags): Promise<void> {
  const { decode, pictureLabels: labels, mistakes, temperature, json, csv, html, ...modelFlags } = flags
  joinVectors()
  using model = await openChosenModel(modelFlags)
  requireClassifier(model.network)
  const progress = await startWorkProgress('evaluating')
  const options = { decode, labels, mistakes, temperature, onProgress: progress.update }
  const evaluation = await model.evaluate(folder, options).finally(progress.stop)
  for (const sentence of evaluation.leftOut) say(printable(sentence))
  for (const { error } of evaluation.skipped) report(error)
  print(json ? jsonOf(evaluation) : csv ? csvOf(evaluation) : evaluationText(evaluation))
  if (html === undefined) return
  await writeFiles([{ path: html, bytes: await evaluationPage(evaluation) }])
  say(`${printable(html)} is written.`)
}

/** `evaluate`: measures a model on labelled pictures. */
export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description('measure a model on labelled pictures: accuracy, loss, calibration, each class, the worst mistakes')
    .argument(
      '<folder>',
      'a folder with a subfolder for each class, named by its label, index or WordNet id; or a folder with pictures and a label file',
    )
  addModelFlags(command)
    .option(
      '--picture-labels <file>',
      'label file of the pictures in the folder: each line has a picture and its label, or only labels in the order of the pictures (default: labels.csv, labels.txt or val.txt in the folder)',
    )
    .addOption(decodeOption())
    .option('--mistakes <count>', 'how many of the worst mistakes to list', parseNumber, 10)
    .option('--temperature', 'fit the temperature with the least loss, and print loss and calibration with it')
    .option('--json', 'print the whole evaluation as one JSON object')
    .addOption(new Option('--csv', `print one class per line: ${csvColumns.join(', ')}`).conflicts('json'))
    .option('--html <file>', 'also write a report with diagrams and the pictures of the mistakes')
    .action(evaluateFolder)
}
