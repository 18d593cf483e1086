import colors from 'picocolors'
import type { ClassEvaluation, Evaluation } from '../evaluate/evaluation.js'
import type { Mistake } from '../evaluate/mistakes.js'
import { printable } from './printable.js'

/** A report lists all classes if there are at most so many; else it lists the `worstClasses` worst. */
const mostClasses = 40
const worstClasses = 15

/** The most characters of a label in a column. */
const widestLabel = 32

/** A share from 0 to 1 in percent; a dash if there is none. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${(100 * share).toFixed(1)} %`
}

/** The classes that a report lists, and whether these are all. Of many classes, it lists those with the least recall, large ones first. */
export function listedClasses({ classes }: Evaluation): { readonly listed: readonly ClassEvaluation[]; readonly isAll: boolean } {
  if (classes.length <= mostClasses) return { listed: classes, isAll: true }
  const worstFirst = classes
    .filter(({ recall }) => recall !== null)
    .sort((one, other) => one.recall! - other.recall! || other.pictures - one.pictures || one.f1 - other.f1)
  return { listed: worstFirst.slice(0, worstClasses), isAll: false }
}

/** How many classes have pictures. */
export function shownClasses({ classes }: Evaluation): number {
  return classes.filter(({ pictures }) => pictures > 0).length
}

/** Lines of a table. The cells of the first column are aligned to the left, the others to the right. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  '),
  )
}

function short(text: string): string {
  const label = printable(text)
  return label.length > widestLabel ? `${label.slice(0, widestLabel - 1)}…` : label
}

function rateLines({ accuracy, top5, balancedAccuracy, loss, calibration, fitted, modelClasses }: Evaluation): string[] {
  const rows = [
    ['top-1 accuracy', percent(accuracy), ''],
    ...(modelClasses > 5 ? [['top-5 accuracy', percent(top5), '']] : []),
    ['balanced accuracy', percent(balancedAccuracy), 'the mean recall of the classes'],
    ['loss', loss.toFixed(4), ''],
    ['calibration error', percent(calibration.error), 'the mean difference between probability and accuracy'],
    ...(fitted === null
      ? []
      : [
          [
            'temperature',
            fitted.temperature.toFixed(3),
            fitted.temperature > 1 ? "the model's probabilities are too high" : "the model's probabilities are too low",
          ],
          ['  loss with it', fitted.loss.toFixed(4), ''],
          ['  calibration error', percent(fitted.error), ''],
        ]),
  ]
  return columns(rows.map(([name, value]) => [name!, value!])).map((line, index) => {
    const [, , remark = ''] = rows[index]!
    return remark === '' ? line : `${line}  ${colors.dim(remark)}`
  })
}

/** The cells of classes in a table: label, pictures, precision, recall, F1. */
export function classRows(classes: readonly ClassEvaluation[], shown: (label: string) => string): string[][] {
  return classes.map(({ label, pictures, precision, recall, f1 }) => [
    shown(label),
    String(pictures),
    percent(precision),
    percent(recall),
    f1.toFixed(3),
  ])
}

function classLines(evaluation: Evaluation): string[] {
  const { listed, isAll } = listedClasses(evaluation)
  const rows = classRows(listed, short)
  const [header, ...lines] = columns([['class', 'pictures', 'precision', 'recall', 'F1'], ...rows])
  const title = `the ${listed.length} classes with the least recall, of ${shownClasses(evaluation)}; --csv lists all`
  return [...(isAll ? [] : [title]), colors.bold(header!), ...lines]
}

function mistakeLine({ picture, right, answer }: Mistake): string {
  const name = typeof picture === 'string' ? printable(picture) : '(picture)'
  const answered = `${colors.red(printable(answer.label))} ${percent(answer.probability)}`
  return `  ${name}\n    ${answered}, is ${colors.green(printable(right.label))} ${percent(right.probability)}`
}

/** An evaluation as text for a terminal. */
export function evaluationText(evaluation: Evaluation): string {
  const { pictures, picturesPerSecond, skipped, mistakes, accuracy, model, backend, device } = evaluation
  const wrong = Math.round((1 - accuracy) * pictures)
  return [
    colors.bold(`${pictures.toLocaleString('en-US')} pictures${skipped.length === 0 ? '' : `, ${skipped.length} skipped`}`),
    colors.dim(`${printable(model)} on ${backend} (${printable(device)}), ${picturesPerSecond.toFixed(1)} pictures a second`),
    '',
    ...rateLines(evaluation),
    '',
    ...classLines(evaluation),
    ...(mistakes.length === 0
      ? []
      : ['', colors.bold(`the worst ${mistakes.length} of ${wrong} mistakes`), ...mistakes.map(mistakeLine)]),
  ].join('\n')
}
