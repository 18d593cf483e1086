import { defaultModel } from '../../packages/mobilenetv2/dist/read-network.js'
import { zooEntry } from '../../packages/zoo/dist/index.js'

/** The classes of nsfwjs that are not safe. */
const unsafe = ['Hentai', 'Porn', 'Sexy']

/** The best of ImageNet's answers. Of nsfwjs' five, whether the picture is safe. */
function answerOf(id, answers) {
  if (id === defaultModel) return answers[0]
  const risk = answers.reduce((sum, { label, probability }) => sum + (unsafe.includes(label) ? probability : 0), 0)
  return risk < 0.5 ? { label: 'safe', probability: 1 - risk } : { label: 'unsafe', probability: risk }
}

/** Pads the cells of rows, so that each column is as wide as its widest cell; figures end at the same place. */
function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  return rows.map((row) =>
    row.map((cell, column) => (isFigure(cell) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))),
  )
}

const isFigure = (cell) => /^[\d.]+( %| ms)?$/.test(cell)

const sum = ({ decode, preprocess, network }) => decode + preprocess + network

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

function lineOf(id, { name, answers, milliseconds, like }) {
  const { label, probability } = answerOf(id, answers)
  return [
    name,
    label.replace(/,.*/, ''),
    `${(100 * probability).toFixed(1)} %`,
    `${sum(milliseconds).toFixed(0)} ms`,
    like.name,
    like.similarity.toFixed(2),
  ]
}

function timesOf({ looks, backend, device }) {
  const parts = [sum, ({ decode }) => decode, ({ preprocess }) => preprocess, ({ network }) => network]
  const [whole, ...times] = parts.map((part) => median(looks.map(({ milliseconds }) => part(milliseconds))).toFixed(1))
  const [decode, preprocess, network] = times
  return `${whole} ms a picture: ${decode} to decode, ${preprocess} to resize, ${network} in the network.
The network runs on ${backend} (${device}).`
}

/** How the reader gets ImageNet's labels, if this machine does not have the model. */
function wayToLabels(lacks) {
  const { urls } = zooEntry(defaultModel).location
  return `This model came with npm's nsfwjs. It tells safe pictures from unsafe ones.
The model that names 1000 classes cannot be fetched here:
  ${lacks}
Put its file (4 MB) into a folder, and run:
  MOBILENETV2_MODELS=the-folder npm start
The file:
  ${urls[0]}`
}

/** The text of `npm start`: a line for each picture, the time, and commands to try next. */
export function textOf({ id, lacks }, looked) {
  const rows = table([['picture', 'what it shows', '', 'time', 'most like', ''], ...looked.looks.map((seen) => lineOf(id, seen))])
  const flag = id === defaultModel ? '' : ` --model ${id}`
  return [
    rows.map((row) => row.join('  ').trimEnd()).join('\n'),
    timesOf(looked),
    ...(lacks === null ? [] : [wayToLabels(lacks)]),
    `Your pictures: npm run -s mobilenetv2 -- classify photos/${flag}\nThe site:      npm run demo`,
  ].join('\n\n')
}
