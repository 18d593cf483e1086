import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { joinVectors } from '@mobilenetv2/backend-wasm'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { type Command, Option } from 'commander'
import colors from 'picocolors'
import { formatOfPath } from '../network-files.js'
import type { TeachOptions, TeachProgress } from '../teach/options.js'
import { finalValidation, type TeachReport } from '../teach/report.js'
import { addModelFlags, type ModelFlags, openChosenModel } from './chosen-model.js'
import { percent } from './evaluation-text.js'
import { parseNumber } from './option-parsers.js'
import { print, report as reportError, say } from './output.js'
import { decodeOption } from './picture-files.js'
import { printable, printableJson } from './printable.js'
import { startWorkProgress } from './progress.js'

interface TeachFlags extends ModelFlags {
  readonly out: string
  readonly pictureLabels?: string
  readonly validation?: string
  readonly balanced?: true
  readonly fineTune?: string
  readonly epochs?: number
  readonly augment?: 'flip'
  readonly seed?: number
  readonly decode?: 'exact' | 'fast'
  readonly json?: true
}

/** A bar for each stage, one after the other. */
async function startStages(): Promise<{ update(progress: TeachProgress): void; stop(): void }> {
  const bars = {
    reading: await startWorkProgress('reading pictures'),
    head: await startWorkProgress('teaching a head'),
    'fine-tuning': await startWorkProgress('fine-tuning'),
  }
  let stage: TeachProgress['stage'] = 'reading'
  return {
    update(progress) {
      if (progress.stage !== stage) bars[stage].stop()
      stage = progress.stage
      bars[stage].update(progress)
    },
    stop: () => bars[stage].stop(),
  }
}

/** A number, or the text as it is: `--fine-tune 10` or `--fine-tune block16.expand`. */
function numberOrText(text: string | undefined): number | string | undefined {
  return text !== undefined && /^[\d.]+$/.test(text) ? Number(text) : text
}

function howJudged({ validation }: TeachReport): string {
  const how = validation?.how
  switch (how?.kind) {
    case undefined:
      return ''
    case 'folds':
      return `on ${how.pictures} pictures, each by a head that learned from ${how.folds - 1} of ${how.folds} parts`
    case 'held-out':
      return `on ${how.pictures} pictures that were set aside`
    case 'own-examples':
      return `on ${how.pictures} pictures that it did not learn from`
    default:
      return how satisfies never
  }
}

function textOf(report: TeachReport, skipped: number): string {
  const { classes, training, validation, fineTuning } = report
  const pictures = classes.reduce((sum, each) => sum + each.pictures, 0)
  const judged = finalValidation(report)
  const widest = Math.max(...classes.map(({ label }) => printable(label).length))
  return [
    colors.bold(`${classes.length} classes from ${pictures} pictures${skipped === 0 ? '' : `; ${skipped} could not be read`}`),
    ...classes.map((each) => `  ${printable(each.label).padEnd(widest)}  ${each.pictures}`),
    judged === null
      ? 'No pictures were set aside, so the accuracy on other pictures is not known.'
      : `${colors.bold(`accuracy ${percent(judged.accuracy)}`)} ${colors.dim(howJudged(report))}`,
    ...(fineTuning !== null && validation !== null ? [`  before the fine-tuning ${percent(validation.accuracy)}`] : []),
    `  ${percent(training.accuracy)} on the pictures that the head learned from`,
  ].join('\n')
}

/** Refuses a path that cannot be written, before the model is taught. */
async function checkFolder(out: string): Promise<void> {
  const folder = dirname(out)
  if ((await stat(folder).catch(() => null))?.isDirectory()) return
  throw new MobileNetV2Error('SOURCE', 'The folder of the file to write does not exist.', {
    where: folder,
    remedy: 'Create the folder, or name another file with -o.',
  })
}

async function teachFolder(folder: string, flags: TeachFlags): Promise<void> {
  const { out, pictureLabels, validation, balanced, fineTune, epochs, augment, seed, decode, json, ...modelFlags } = flags
  formatOfPath(out)
  await checkFolder(out)
  joinVectors()
  using model = await openChosenModel(modelFlags)
  const progress = await startStages()
  const options: TeachOptions = {
    labels: pictureLabels,
    validation: numberOrText(validation),
    classWeights: balanced ? 'balanced' : undefined,
    fineTune: numberOrText(fineTune) as TeachOptions['fineTune'],
    epochs,
    augment,
    seed,
    decode,
    onProgress: progress.update,
  }
  const taught = await model.teach(folder, options).finally(progress.stop)
  using _ = taught.model
  const { report, skipped } = taught
  for (const sentence of report.leftOut) say(printable(sentence))
  for (const { error } of skipped) reportError(error)
  for (const { message } of report.warnings) say(printable(message))
  await taught.save(out)
  print(json ? printableJson({ file: out, ...report, skipped: skipped.length }, 2) : textOf(report, skipped.length))
  if (!json) print(`${printable(out)} is written. Try it: mobilenetv2 classify --model ${printable(out)} <pictures>`)
}

/** `teach`: makes a model of your own classes. */
export function addTeach(program: Command): void {
  const command = program
    .command('teach')
    .description('teach a model your own classes from a folder of pictures, and write it to a file')
    .argument(
      '<folder>',
      'a folder with a subfolder of pictures for each class, named by the class; or a folder with pictures and a label file',
    )
    .requiredOption('-o, --out <file>', 'file to write: .safetensors, .onnx, .tflite, or .json for TensorFlow.js')
  addModelFlags(command)
    .option(
      '--picture-labels <file>',
      'label file of the pictures in the folder: each line has a picture and its label (default: labels.csv, labels.txt or val.txt in the folder)',
    )
    .option(
      '--validation <share>',
      'the pictures for validation: a share of each class, from 0 to below 1; another such folder; or auto (default: auto)',
    )
    .option('--balanced', 'give each class the same weight, however many pictures it has')
    .option(
      '--fine-tune <layers>',
      'also train layers before the head: how many from the end, or the id of the first; needs TensorFlow.js',
    )
    .option('--epochs <count>', 'the most passes over the pictures in the fine-tuning (default: 20)', parseNumber)
    .addOption(new Option('--augment <how>', 'in the fine-tuning, mirror pictures at random').choices(['flip']))
    .option(
      '--seed <number>',
      'the seed for which pictures are set aside and for the order of the fine-tuning (default: 0)',
      parseNumber,
    )
    .addOption(decodeOption())
    .option('--json', 'print the report as one JSON object')
    .action(teachFolder)
}
