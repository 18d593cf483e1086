// Makes the table of docs/figures.md from a file of `npm run bench -- --pipeline --photos DIR --json FILE`.
import { caution, milliseconds, percent, processor, round, size, table } from './format.mjs'

/** With fewer photos than this a run is a trial. */
const fewestPhotos = 50

/** The parts of a report that the table needs. */
export function condensePipeline({ date, cpu, loadBefore, workers, node, photos, model, results }) {
  const rows = results.flatMap(({ name, device, error, medianMs, msAtOnce, peakMemoryBytes, ratioToPeer, agreement }) =>
    error !== null
      ? []
      : {
          ...{ name, device, medianMs: round(medianMs), msAtOnce: round(msAtOnce), peakMemoryBytes },
          ...{ ratioToPeer: round(ratioToPeer), agreement: round(agreement) },
        },
  )
  return { date: date.slice(0, 10), cpu, loadBefore: round(loadBefore), workers, node, photos, model, rows }
}

/** Why rows are left out. */
export function missingRows({ results }) {
  return results.flatMap(({ name, error }) => (error === null ? [] : [`${name}: ${error}`]))
}

const aSecond = (ms) => (ms === null ? '' : (1000 / ms).toFixed(0))

/** The Markdown. */
export function renderPipeline({ date, cpu, loadBefore, workers, node, photos, model, rows }) {
  const body = rows.map(({ name, device, medianMs, msAtOnce, peakMemoryBytes, ratioToPeer, agreement }) => [
    name,
    ...[milliseconds(medianMs), aSecond(medianMs), ratioToPeer?.toFixed(2) ?? '', milliseconds(msAtOnce), aSecond(msAtOnce)],
    ...[size(peakMemoryBytes), percent(agreement), device],
  ])
  return [
    `${caution(photos < fewestPhotos, loadBefore, workers)}${photos} photos, \`${model}\`, Node ${node.slice(1)} (${date}; ${processor(cpu)}, ${workers} cores):`,
    '',
    table(
      ['', 'ms a file', 'a second', 'to the peer', 'all cores: ms a file', 'a second', 'memory', 'same answers', 'runs on'],
      body,
    ),
  ].join('\n')
}
