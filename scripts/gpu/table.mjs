// Turns the JSON of test-gpu.mjs into text for docs/webgpu.md.
import { readFileSync, writeFileSync } from 'node:fs'

const docs = new URL('../../docs/webgpu.md', import.meta.url)
const [begin, end] = ['<!-- Written by scripts/test-gpu.mjs. -->', '<!-- End of what it writes. -->']

const row = (cells) => `| ${cells.join(' | ')} |`
const table = (heads, rows, texts = 0) => [
  row(heads),
  row(heads.map((_, index) => (index < texts ? '---' : '---:'))),
  ...rows.map(row),
  '',
]
/** A number with three significant digits; large numbers keep all of their digits before the point. */
const short = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))
const milliseconds = (seconds) => (1000 * seconds).toFixed(2)
const microseconds = (seconds) => (1e6 * seconds).toFixed(1)
const sum = (values) => values.reduce((total, value) => total + value, 0)

/** The least time of a dispatch: its start, plus the longer of the time to move its bytes and the time of its multiply-adds. */
function limitOf({ bytes, multiplyAdds }, { dispatchSeconds, bestBytesPerSecond, multiplyAddsPerSecond }) {
  return dispatchSeconds + Math.max(bytes / bestBytesPerSecond, multiplyAdds / multiplyAddsPerSecond)
}

function introduction({ date, isDryRun, isQuick, machine, versions, adapter, steps }) {
  const [card] = machine.graphicsCards
  const known = card === undefined || isDryRun ? undefined : `${card.name} with driver ${card.driver_version}`
  const device = known ?? adapter?.description ?? 'no adapter'
  const remarks = [
    ...(isDryRun ? ['**A dry run on a software adapter: these figures say nothing of a graphics card.**'] : []),
    ...(isQuick ? ['**A quick run, of smaller networks.**'] : []),
  ]
  const { tests } = steps.conformance ?? {}
  const { compared } = steps.comparisons ?? {}
  return [
    ...remarks,
    `Measured on ${date.slice(0, 10)}: ${device}; Dawn on Vulkan from the npm package webgpu ${versions.webgpu}, Node ${versions.node},`,
    `commit ${versions.commit}; ${machine.processor}.`,
    ...(tests === undefined ? [] : [`The conformance suite: ${tests.passed} tests passed, ${tests.failed} failed.`]),
    ...(compared === undefined ? [] : [comparisonsText(compared)]),
    '',
  ]
}

function comparisonsText(compared) {
  const worst = new Map()
  for (const { precision, difference } of compared) worst.set(precision, Math.max(difference, worst.get(precision) ?? 0))
  const texts = [...worst].map(([precision, difference]) => `${difference.toExponential(1)} in ${precision}`)
  const failed = compared.filter(({ passed }) => !passed).length
  return `The largest difference from the reference, relative to the largest value: ${texts.join(', ')}. ${failed} of ${compared.length} comparisons failed.`
}

function peaksText(peaks) {
  if (peaks?.multiplyAddsPerSecond === undefined) return []
  const { memoryBytesPerSecond, bestBytesPerSecond, multiplyAddsPerSecond, dispatchSeconds } = peaks
  const cells = [
    `${short(memoryBytesPerSecond / 1e9)} GB/s`,
    `${short(bestBytesPerSecond / 1e9)} GB/s`,
    `${short(multiplyAddsPerSecond / 1e12)} T/s`,
    `${microseconds(dispatchSeconds)} µs`,
  ]
  return [
    'The limits of the device, measured by kernels that do nothing else:',
    '',
    ...table(['largest copy', 'fastest copy', 'multiply-adds', 'start of a dispatch'], [cells]),
  ]
}

function runsText({ dispatches, times, peaks }) {
  const measured = dispatches?.measured ?? []
  const runs = times?.measured ?? []
  const rows = []
  for (const precision of ['float32', 'float16']) {
    for (const batch of [1, 8]) {
      const onDevice = measured.find((one) => one.precision === precision && one.batch === batch)
      const run = runs.find((one) => one.precision === precision)?.runs.find((one) => one.batch === batch)
      if (onDevice === undefined && run === undefined) continue
      const limit =
        onDevice === undefined || peaks?.multiplyAddsPerSecond === undefined
          ? 'no figure'
          : milliseconds(sum(onDevice.dispatches.map((dispatch) => limitOf(dispatch, peaks))))
      rows.push([
        precision,
        batch,
        run === undefined ? 'no figure' : run.milliseconds.median.toFixed(2),
        onDevice === undefined ? 'no figure' : milliseconds(onDevice.runSeconds),
        onDevice === undefined ? 'no figure' : milliseconds(sum(onDevice.dispatches.map(({ seconds }) => seconds))),
        limit,
      ])
    }
  }
  if (rows.length === 0) return []
  const heads = ['precision', 'batch', 'run with upload and reading back', 'on the device', 'sum of its dispatches', 'limit']
  return [
    `Milliseconds of ${dispatches?.network ?? times.network}. The limit of a dispatch is the time of its start, plus the longer of`,
    'two times: that of moving its bytes as the fastest copy does, and that of its multiply-adds:',
    '',
    ...table(heads, rows, 1),
  ]
}

function dispatchesText({ dispatches, peaks }) {
  const first = dispatches?.measured?.[0]
  if (first === undefined || peaks?.multiplyAddsPerSecond === undefined) return []
  const rows = first.dispatches.map((dispatch) => [
    dispatch.layers.join(' + '),
    dispatch.kernel,
    microseconds(dispatch.seconds),
    microseconds(limitOf(dispatch, peaks)),
    short(dispatch.bytes / dispatch.seconds / 1e9),
    short(dispatch.multiplyAdds / dispatch.seconds / 1e9),
  ])
  return [
    `Each dispatch, ${first.precision}, one picture, by the ${dispatches.clock} of the device:`,
    '',
    ...table(['layers', 'kernel', 'µs', 'limit, µs', 'GB/s', 'G multiply-adds/s'], rows, 2),
  ]
}

function cudaText(steps) {
  const lines = []
  for (const name of ['node-cuda', 'onnxruntime-cuda']) {
    const step = steps[name]
    if (step === undefined) continue
    if (step.device === undefined) {
      lines.push(`\`${name}\` was not run: ${[...(step.missing ?? []), ...step.failures].join(' ')}`, '')
      continue
    }
    const rows = (step.runs ?? []).map(({ batch, milliseconds: { median, least, rounds } }) => [
      batch,
      median.toFixed(2),
      least.toFixed(2),
      ((1000 * batch) / median).toFixed(1),
      rounds,
    ])
    const tests = step.tests === undefined ? '' : ` Conformance: ${step.tests.passed} tests passed, ${step.tests.failed} failed.`
    lines.push(`\`${name}\` on ${step.device}${step.tf32 === undefined ? '' : `, TF32 ${step.tf32}`}.${tests}`, '')
    lines.push(...table(['batch', 'median, ms', 'best, ms', 'pictures a second', 'runs'], rows))
  }
  return lines
}

/** The text about a run, in Markdown. */
export function measuredText(results) {
  const { steps } = results
  const parts = [
    introduction(results),
    peaksText(steps.peaks),
    runsText(steps),
    dispatchesText(steps),
    cudaText(steps),
    Object.entries(steps)
      .filter(([, { outcome }]) => outcome !== 'done' && outcome !== 'missing')
      .flatMap(([name, { outcome, failures }]) => [`**The step ${name}: ${outcome}.** ${failures.length} failures.`, '']),
  ]
  return `${parts.flat().join('\n').trimEnd()}\n`
}

/**
 * Replaces the text in docs/webgpu.md.
 * @throws Error if the run did not measure a graphics card
 */
export function writeMeasured(results) {
  if (results.isDryRun || results.isQuick) throw new Error('docs/webgpu.md takes no figures of a dry run or a quick run.')
  const text = readFileSync(docs, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`docs/webgpu.md lacks ${begin} or ${end}`)
  writeFileSync(docs, `${text.slice(0, from)}${begin}\n${measuredText(results)}${text.slice(to)}`)
}
