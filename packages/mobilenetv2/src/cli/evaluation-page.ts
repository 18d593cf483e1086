import pMap from 'p-map'
import { confusionList } from '../evaluate/confusion.js'
import type { Calibration, ClassEvaluation, Evaluation } from '../evaluate/evaluation.js'
import type { Mistake } from '../evaluate/mistakes.js'
import { errorText } from './error-text.js'
import { classRows, listedClasses, percent, shownClasses } from './evaluation-text.js'
import { htmlPage, shortName } from './html-page.js'
import { htmlText as text } from './html-text.js'
import { thumbnail } from './thumbnail.js'

/** How many pairs of classes are listed if the confusion matrix would be too large. */
const mostPairs = 30

const nameOf = ({ picture }: Pick<Mistake, 'picture'>): string => (typeof picture === 'string' ? picture : '(picture)')

/** A share in percent that no line break divides. */
const whole = (share: number): string => percent(share).replace(' ', '&nbsp;')

function section(title: string, content: string): string {
  return content === '' ? '' : `<section><h2>${title}</h2>\n${content}\n</section>`
}

function tile(name: string, value: string, remark = ''): string {
  return `<div class="tile"><dt>${name}</dt><dd>${value}</dd>${remark === '' ? '' : `<dd class="remark">${remark}</dd>`}</div>`
}

function tiles({
  pictures,
  accuracy,
  top5,
  balancedAccuracy,
  loss,
  calibration,
  fitted,
  modelClasses,
  skipped,
}: Evaluation): string {
  const withIt = (value: string): string => (fitted === null ? '' : `${value} at temperature ${fitted.temperature.toFixed(2)}`)
  return `<dl class="tiles">${[
    tile('Top-1 accuracy', percent(accuracy)),
    modelClasses > 5 ? tile('Top-5 accuracy', percent(top5)) : '',
    tile('Balanced accuracy', percent(balancedAccuracy)),
    tile('Loss', loss.toFixed(4), withIt(fitted?.loss.toFixed(4) ?? '')),
    tile('Calibration error', percent(calibration.error), withIt(percent(fitted?.error ?? null))),
    tile('Pictures', pictures.toLocaleString('en-US'), skipped.length === 0 ? '' : `${skipped.length} skipped`),
  ].join('')}</dl>`
}

/** The coordinate in the diagram of a share from 0 to 1: `across` from the left, `down` from the top. */
const across = (share: number): string => (40 + 300 * share).toFixed(1)
const down = (share: number): string => (310 - 300 * share).toFixed(1)

function calibrationDiagram({ bins }: Calibration): string {
  const most = Math.max(...bins.map(({ pictures }) => pictures))
  const bars = bins.flatMap(({ from, to, pictures, confidence, accuracy }) => {
    if (accuracy === null) return []
    const told = `${pictures} pictures: probability ${percent(confidence)}, right ${percent(accuracy)}`
    const height = (300 * accuracy).toFixed(1)
    const opacity = (0.35 + (0.65 * pictures) / most).toFixed(2)
    return [
      `<rect x="${across(from)}" y="${down(accuracy)}" width="${(300 * (to - from) - 1).toFixed(1)}" height="${height}" opacity="${opacity}"><title>${told}</title></rect>`,
    ]
  })
  const marks = [0, 0.5, 1].flatMap((share) => [
    `<text x="${across(share)}" y="326" text-anchor="middle">${100 * share}</text>`,
    `<text x="34" y="${down(share)}" text-anchor="end" dominant-baseline="middle">${100 * share}</text>`,
  ])
  return `<figure><svg viewBox="0 0 350 348" role="img" aria-label="How often answers of each probability are right">
<path class="frame" d="M40 10V310H340"/><g class="bars">${bars.join('')}</g>
<path class="diagonal" d="M40 310L340 10"/>${marks.join('')}
<text x="190" y="344" text-anchor="middle">probability of the answer, %</text>
<text transform="translate(10 160) rotate(-90)" text-anchor="middle">right, %</text></svg>
<figcaption>If a bar ends below the line, answers of this probability are right less often than the model says. Darker bars have more pictures.</figcaption></figure>`
}

function table(head: readonly string[], rows: readonly (readonly string[])[], kind = ''): string {
  const row = (cells: readonly string[], tag: 'th' | 'td'): string =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`
  return `<div class="scroll"><table class="${kind}"><thead>${row(head, 'th')}</thead><tbody>${rows.map((cells) => row(cells, 'td')).join('\n')}</tbody></table></div>`
}

function classTable(evaluation: Evaluation): string {
  const { listed, isAll } = listedClasses(evaluation)
  const rows = classRows(listed, text)
  const remark = isAll ? '' : `<p>The ${listed.length} classes with the least recall, of ${shownClasses(evaluation)}.</p>`
  return remark + table(['Class', 'Pictures', 'Precision', 'Recall', 'F1'], rows)
}

function confusionTable({ confusion, classes }: Evaluation): string {
  const heads = classes.map(({ label }) => `<th scope="col" title="${text(label)}"><span>${text(label)}</span></th>`).join('')
  const rows = classes.map((is) => {
    const cells = classes.map((answered) => {
      const count = confusion[is.index]?.[answered.index] ?? 0
      if (count === 0) return '<td></td>'
      const kind = is === answered ? 'right' : 'wrong'
      return `<td class="${kind}" style="--share:${Math.round((100 * count) / is.pictures)}%">${count}</td>`
    })
    return `<tr><th scope="row" title="${text(is.label)}"><span>${text(is.label)}</span></th>${cells.join('')}</tr>`
  })
  return `<p>A row is the class that pictures show, a column the class that was answered.</p>
<div class="scroll"><table class="confusion"><thead><tr><th></th>${heads}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`
}

function confusedPairs({ confusion, classes }: Evaluation): string {
  const byIndex = new Map(classes.map((each): [number, ClassEvaluation] => [each.index, each]))
  const pairs = confusionList(confusion)
    .filter(({ is, answered }) => is !== answered)
    .sort((one, other) => other.pictures - one.pictures)
    .slice(0, mostPairs)
  const rows = pairs.map(({ is, answered, pictures }) => [
    text(byIndex.get(is)!.label),
    text(byIndex.get(answered)!.label),
    `${pictures} of ${byIndex.get(is)!.pictures}`,
  ])
  return rows.length === 0 ? '' : table(['Shows', 'Answered', 'Pictures'], rows, 'pairs')
}

async function mistakeCards({ mistakes }: Evaluation): Promise<string> {
  const cards = await pMap(
    mistakes,
    async (mistake) => {
      const { right, answer } = mistake
      const url = typeof mistake.picture === 'string' ? await thumbnail(mistake.picture) : null
      const image = url === null ? '' : `<img src="${url}" alt="">`
      return `<li>${image}<p class="file" title="${text(nameOf(mistake))}">${text(shortName(nameOf(mistake)))}</p>
<p><b class="bad">${text(answer.label)}</b> ${whole(answer.probability)}</p>
<p>is <b class="good">${text(right.label)}</b> ${whole(right.probability)}</p></li>`
    },
    { concurrency: 4 },
  )
  return cards.length === 0 ? '' : `<ol class="mistakes">${cards.join('\n')}</ol>`
}

function leftOutList({ skipped, leftOut }: Evaluation): string {
  const lines = [...leftOut, ...skipped.map((each) => `${nameOf(each)}: ${errorText(each.error).split('\n')[0]}`)]
  return lines.length === 0 ? '' : `<ul>${lines.map((line) => `<li>${text(line)}</li>`).join('\n')}</ul>`
}

/** An evaluation as one HTML file that fetches nothing. Pictures that were given as paths are shown small. */
export async function evaluationPage(evaluation: Evaluation): Promise<string> {
  const { model, backend, device, picturesPerSecond, calibration, fitted, classes } = evaluation
  const isSmall = listedClasses(evaluation).isAll
  const diagrams = [
    calibrationDiagram(calibration),
    fitted === null ? '' : `<h3>At temperature ${fitted.temperature.toFixed(2)}</h3>${calibrationDiagram(fitted)}`,
  ]
  return htmlPage(
    `Evaluation of ${model}`,
    `<h1>Evaluation</h1>
<p class="model">${text(model)}<br>${text(backend)}, ${text(device)}; ${picturesPerSecond.toFixed(1)} pictures a second</p>
${tiles(evaluation)}
${section('The worst mistakes', await mistakeCards(evaluation))}
${section(isSmall ? 'Confusion' : 'Most confused', isSmall && classes.length > 1 ? confusionTable(evaluation) : confusedPairs(evaluation))}
${section('Classes', classTable(evaluation))}
${section('Calibration', `<div class="diagrams">${diagrams.map((each) => `<div>${each}</div>`).join('')}</div>`)}
${section('Left out', leftOutList(evaluation))}`,
  )
}
