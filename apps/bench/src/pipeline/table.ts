import { bytes, count, milliseconds, percent, ratio } from '../report/format.js'
import type { PipelineReport, PipelineResult } from './pipeline.js'

const rate = (ms: number | null): string => (ms === null ? '–' : `${(1000 / ms).toFixed(0)} a second`)

const columns: readonly { readonly title: string; readonly cell: (result: PipelineResult) => string }[] = [
  { title: 'a file', cell: ({ medianMs }) => milliseconds(medianMs) },
  { title: '', cell: ({ medianMs }) => rate(medianMs) },
  { title: 'to the peer', cell: ({ ratioToPeer }) => ratio(ratioToPeer) },
  { title: 'all processors', cell: ({ msAtOnce }) => milliseconds(msAtOnce) },
  { title: '', cell: ({ msAtOnce }) => rate(msAtOnce) },
  { title: 'memory', cell: ({ peakMemoryBytes }) => bytes(peakMemoryBytes) },
  { title: 'same answers', cell: ({ agreement }) => percent(agreement) },
  { title: 'device', cell: ({ device }) => device ?? '' },
]

/** The figures as a table of text. */
export function renderPipeline({ node, cpu, workers, photos, model, results }: PipelineReport): string {
  const ran = results.filter(({ error }) => error === null)
  const rows = [
    ['', ...columns.map(({ title }) => title)],
    ...ran.map((result) => [result.name, ...columns.map(({ cell }) => cell(result))]),
  ]
  const notes = new Map<string, string[]>()
  for (const { name, note } of ran) if (note !== null) notes.set(note, [...(notes.get(note) ?? []), name])
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return [
    `From file to answer: ${photos} photos, ${model}, Node ${node}, ${cpu}, ${count(workers, 'processor')}`,
    ...rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd()),
    ...results.flatMap(({ name, error }) => (error === null ? [] : [`  ${name}: ${error}`])),
    ...(notes.size === 0 ? [] : ['']),
    ...[...notes].map(([note, names]) => `${names.join(', ')}: ${note}`),
  ].join('\n')
}
