// Writes two tables of figures: README's table of speed, and the table of docs/figures.md about whole photos.
//
//   node scripts/readme-figures.mjs FILE...    takes JSON files of `npm run bench`, and stores their figures for the tables in docs/figures
//   node scripts/readme-figures.mjs            writes the tables from docs/figures
//   node scripts/readme-figures.mjs --check    writes nothing, and fails if the tables differ from docs/figures
//
// `--root DIR` is for the script's own test.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { condensePipeline, missingRows, renderPipeline } from './figures/pipeline.mjs'
import { condenseSpeed, emptyCells, renderSpeed } from './figures/speed.mjs'

const [start, end] = ['<!-- Written by scripts/readme-figures.mjs. -->', '<!-- End of what it writes. -->']

const { values, positionals } = parseArgs({
  options: { check: { type: 'boolean', default: false }, root: { type: 'string' } },
  allowPositionals: true,
})
const root = values.root ?? fileURLToPath(new URL('..', import.meta.url))

const speed = { document: 'README.md', kept: 'docs/figures/speed.json', render: renderSpeed }
const pipeline = { document: 'docs/figures.md', kept: 'docs/figures/pipeline.json', render: renderPipeline }

/** The width of a line in this repository. */
const lineWidth = 132

/** JSON as the formatter of this repository writes it: a list of plain values is on one line if it fits. */
function toJson(value) {
  return JSON.stringify(value, null, 2).replace(/\[[^[\]{}]+\]/g, (list, offset, text) => {
    const line = list
      .replace(/\s*\n\s*/g, ' ')
      .replace('[ ', '[')
      .replace(' ]', ']')
    const column = offset - text.lastIndexOf('\n', offset) - 1
    return column + line.length < lineWidth ? line : list
  })
}

function keep({ kept }, figures) {
  mkdirSync(join(root, 'docs/figures'), { recursive: true })
  writeFileSync(join(root, kept), `${toJson(figures)}\n`)
}

/** Stores the parts of the reports that the tables need. A line on the error stream says which parts are missing. */
function take(reports) {
  const pipelines = reports.filter(({ photos }) => photos !== undefined)
  const benches = reports.filter(({ photos }) => photos === undefined)
  if (pipelines.length > 1) throw new Error('one file of --pipeline at a time')
  if (benches.length > 0) keep(speed, condenseSpeed(benches))
  if (pipelines.length > 0) keep(pipeline, condensePipeline(pipelines[0]))
  for (const line of [...emptyCells(benches), ...pipelines.flatMap(missingRows)]) console.error(`left out: ${line}`)
}

/** A document with its table. */
function written({ document, kept, render }) {
  const text = readFileSync(join(root, document), 'utf8')
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${document} lacks ${start} or ${end}`)
  const figures = JSON.parse(readFileSync(join(root, kept), 'utf8'))
  return { text, result: `${text.slice(0, from)}${start}\n${render(figures)}\n\n${text.slice(to)}` }
}

take(positionals.map((path) => JSON.parse(readFileSync(path, 'utf8'))))
for (const one of [speed, pipeline]) {
  const { text, result } = written(one)
  if (text === result) continue
  if (values.check) {
    console.error(`${one.document} is not what ${one.kept} says. Run: node scripts/readme-figures.mjs`)
    process.exitCode = 1
  } else writeFileSync(join(root, one.document), result)
}
