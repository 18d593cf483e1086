// Writes the table of speeds in README.md from docs/bench.json. With reports of the bench (`npm run bench -- --json FILE`) as arguments it
// first writes docs/bench.json from them. With --check nothing is written, and it fails if the table is not that of the file.
import { readFileSync, writeFileSync } from 'node:fs'

const figures = new URL('../docs/bench.json', import.meta.url)
const readme = new URL('../README.md', import.meta.url)
const [start, end] = ['<!-- Written by scripts/bench-table.mjs. -->', '<!-- End of what it writes. -->']

const rows = [
  ['this project', 'wasm'],
  ['LiteRT.js 2.5.3', 'litert-float'],
  ['tfjs-backend-wasm 4.22', 'tfjs-graph-wasm'],
  ['onnxruntime-web 1.30', 'onnxruntime-web-wasm'],
  ['native onnxruntime-node 1.30', 'onnxruntime-node'],
]

/** What the table needs of reports, by the place's version, such as `Firefox 153.8.0esr`. */
function gathered(files) {
  const reports = files.map((file) => JSON.parse(readFileSync(file, 'utf8')))
  const [{ date, machine }] = reports
  const results = reports.flatMap((report) =>
    report.results
      .filter(({ error }) => error === null)
      .map(({ contender, where, threads, medianMs, downloadBytes, readerBytes }) => ({
        contender,
        place: report.machine.places[where],
        threads,
        medianMs,
        downloadBytes: downloadBytes === null ? null : downloadBytes + readerBytes,
      })),
  )
  return { date: date.slice(0, 10), cpu: machine.cpu, cores: machine.cores, results }
}

const row = (cells) => `| ${cells.join(' | ')} |`
const milliseconds = (value) => value.toFixed(value < 10 ? 2 : 1)
const size = (bytes) => (bytes < 1e6 ? `${Math.round(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`)
const shortPlace = (place) => place.replace(/ v?(\d+)[\d.a-z]*/, ' $1')

function table({ date, cpu, cores, results }) {
  const places = [...new Set(results.map(({ place }) => place))]
  const cell = (contender, place) => {
    const own = results.filter((result) => result.contender === contender && result.place === place)
    const times = own.toSorted((a, b) => a.threads - b.threads).map(({ medianMs }) => milliseconds(medianMs))
    return times.length === 0 ? '' : `${times.join(' / ')} ms`
  }
  const download = (contender) => {
    const sizes = results.filter((result) => result.contender === contender && result.downloadBytes !== null)
    return sizes.length === 0 ? '' : size(Math.min(...sizes.map(({ downloadBytes }) => downloadBytes)))
  }
  return [
    start,
    `${cores} cores of ${/^[AEIOU]/.test(cpu) ? 'an' : 'a'} ${cpu}, ${date}; MobileNetV2 1.0, 224 x 224, float32, 1 / 2 threads, medians of paired rounds:`,
    '',
    row(['', ...places.map(shortPlace), 'download, gzip']),
    row(['---', ...places.map(() => '---:'), '---:']),
    ...rows.map(([title, contender]) => row([title, ...places.map((place) => cell(contender, place)), download(contender)])),
    end,
  ].join('\n')
}

const files = process.argv.slice(2).filter((argument) => argument !== '--check')
if (files.length > 0) writeFileSync(figures, `${JSON.stringify(gathered(files), null, 1)}\n`)
const text = readFileSync(readme, 'utf8')
const [from, to] = [text.indexOf(start), text.indexOf(end)]
if (from < 0 || to < from) throw new Error('README.md has no place for the table of speeds.')
const written = text.slice(0, from) + table(JSON.parse(readFileSync(figures, 'utf8'))) + text.slice(to + end.length)
if (process.argv.includes('--check')) {
  if (written !== text) {
    console.error('The table of speeds in README.md is not that of docs/bench.json: run node scripts/bench-table.mjs.')
    process.exit(1)
  }
} else writeFileSync(readme, written)
