// Makes the table of README's section on speed from files of `npm run bench -- --json FILE`.
import { caution, milliseconds, processor, round, size, table } from './format.mjs'

/** Titles of contenders, in the table's order. The version of the library that computes is added to its name. */
const titles = new Map([
  ['wasm', () => 'this project'],
  ['litert-float', (version) => `LiteRT.js ${version}`],
  ['tfjs-graph-wasm', (version) => `tfjs-backend-wasm ${version}`],
  ['onnxruntime-web-wasm', (version) => `onnxruntime-web ${version}`],
  ['onnxruntime-node', (version) => `onnxruntime-node ${version}, native`],
  ['tfjs-graph-node', (version) => `tfjs-node ${version}, native`],
  ['wasm-int8', () => 'this project, int8'],
  ['litert-int8', (version) => `LiteRT.js ${version}, int8`],
])

/** With fewer rounds than this a run is a trial. */
const fewestRuns = 20

function only(values, what) {
  const different = [...new Set(values)]
  if (different.length !== 1) throw new Error(`the files are of several ${what}: ${different.join('; ')}`)
  return different[0]
}

const versionOf = (library) => library?.slice(library.lastIndexOf('@') + 1) ?? null

/** `Node v20.20.2` → `Node 20`; WebKitGTK's first number never changes. */
function engineTitle(version) {
  return version.replace(/^(WebKitGTK \d+\.\d+|\S+ v?\d+)[^,]*/, '$1').replace(' v', ' ')
}

/** The results of one thread of all reports, each with its engine. If an engine was measured twice, the last file counts. */
function resultsOf(reports) {
  const cells = new Map()
  for (const { machine, results } of reports) {
    for (const result of results) {
      if (result.threads !== 1 || !titles.has(result.contender)) continue
      const engine = machine.places[result.where]
      if (engine !== undefined) cells.set(`${engine} ${result.contender}`, { ...result, engine })
    }
  }
  return [...cells.values()]
}

/** Why cells of the table are empty, except those of contenders that are not made for a place. */
export function emptyCells(reports) {
  return resultsOf(reports).flatMap(({ contender, engine, error }) =>
    error === null || error.startsWith('runs in ') ? [] : [`${engine}, ${contender}: ${error}`],
  )
}

/** The parts that the table needs of the reports of one machine and one network. */
export function condenseSpeed(reports) {
  const results = resultsOf(reports)
  const measured = results.filter(({ medianMs }) => medianMs !== null)
  const engines = [...new Set(measured.map(({ engine }) => engine))]
  const { widthMultiplier, size: pixels, batch } = results[0] ?? {}
  only(
    results.map((each) => `${each.widthMultiplier}, ${each.size} x ${each.size}, batch ${each.batch}`),
    'networks',
  )
  const own = measured.filter(({ contender }) => contender === 'wasm')
  if (own.length === 0) throw new Error('the files have no run of wasm on one thread')
  const rows = [...titles.keys()].flatMap((contender) => {
    const ran = measured.filter((each) => each.contender === contender)
    if (ran.length === 0) return []
    const bytes = ran.flatMap(({ downloadBytes, readerBytes }) => (downloadBytes === null ? [] : [downloadBytes + readerBytes]))
    return {
      contender,
      version: versionOf(ran[0].library),
      milliseconds: engines.map((engine) => round(ran.find((each) => each.engine === engine)?.medianMs ?? null)),
      downloadBytes: bytes.length === 0 ? null : Math.max(...bytes),
    }
  })
  return {
    dates: [...new Set(reports.map(({ date }) => date.slice(0, 10)))].toSorted(),
    cpu: only(
      reports.map(({ machine }) => machine.cpu),
      'processors',
    ),
    cores: only(
      reports.map(({ machine }) => machine.cores),
      'numbers of cores',
    ),
    loadBefore: round(Math.max(...reports.map(({ machine }) => machine.loadBefore))),
    network: { widthMultiplier, size: pixels, batch },
    weights: only(
      reports.map(({ weights }) => weights),
      'weights',
    ),
    runs: Math.min(...own.map(({ runs }) => runs)),
    engines,
    rows,
  }
}

/** The Markdown. */
export function renderSpeed({ dates, cpu, cores, loadBefore, network, weights, runs, engines, rows }) {
  const { widthMultiplier, size: pixels, batch } = network
  const model = `MobileNetV2 ${widthMultiplier.toFixed(Number.isInteger(widthMultiplier) ? 1 : 2)}, ${pixels} x ${pixels}`
  const pictures = batch === 1 ? 'a picture' : `for ${batch} pictures`
  const place = `${dates.join(' and ')}; ${processor(cpu)}, ${cores} cores; ${model}, ${weights} weights`
  const body = rows.map((row) => [
    titles.get(row.contender)(row.version),
    ...row.milliseconds.map(milliseconds),
    size(row.downloadBytes),
  ])
  const int8 = rows.some(({ contender }) => contender.endsWith('int8'))
  return [
    `${caution(runs < fewestRuns, loadBefore, cores)}Milliseconds ${pictures} on one thread, medians of ${runs} paired rounds (${place}):`,
    '',
    table(['', ...engines.map(engineTitle), 'download, gzip'], body),
    ...(int8 ? ['', 'The int8 rows run a quantised file of other weights in its own integers. Both rows give the same bits.'] : []),
  ].join('\n')
}
