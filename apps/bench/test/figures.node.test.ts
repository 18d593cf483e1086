import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { samplePipeline } from './sample-pipeline.js'
import { sampleReport } from './sample-report.js'

const timeout = 60_000

const script = fileURLToPath(new URL('../../../scripts/readme-figures.mjs', import.meta.url))

/** A repository whose two documents have a place for tables, and the reports of two runs. */
async function repository(): Promise<{ folder: string; figures(...given: string[]): Promise<{ stderr: string }> }> {
  const folder = await mkdtemp(join(tmpdir(), 'figures-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'docs'))
  const document = 'before\n<!-- Written by scripts/readme-figures.mjs. -->\n<!-- End of what it writes. -->\nafter\n'
  for (const name of ['README.md', 'docs/figures.md']) await writeFile(join(folder, name), document)
  await writeFile(join(folder, 'speed.json'), JSON.stringify(sampleReport))
  await writeFile(join(folder, 'pipeline.json'), JSON.stringify(samplePipeline))
  return {
    folder,
    figures: (...given) => promisify(execFile)(process.execPath, [script, '--root', folder, ...given], { cwd: folder }),
  }
}

test('tables are written from the JSON of the bench, and what is left out is said', { timeout }, async () => {
  const { folder, figures } = await repository()
  const { stderr } = await figures('speed.json', 'pipeline.json')
  expect(stderr).toContain('left out: Chromium 156, litert-int8: not there')
  expect(stderr).toContain('left out: Python: Pillow + onnxruntime: not installed')
  const readme = await readFile(join(folder, 'README.md'), 'utf8')
  expect(readme).toMatch(
    /^before\n.*\nMilliseconds a picture on one thread, medians of 40 paired rounds \(2026-11-24; A processor, 2 cores;/,
  )
  expect(readme).toContain('\n| | Chromium 156 | download, gzip |\n| --- | ---: | ---: |\n| this project | 12.5 | 25 KB |\n')
  expect(readme).toContain('| LiteRT.js 2.5.3 | 20.0 | 2.9 MB |')
  expect(readme.endsWith('after\n')).toBe(true)
  const docs = await readFile(join(folder, 'docs/figures.md'), 'utf8')
  expect(docs).toContain('80 photos, `imagenet-1.0-224`, Node 24.1.0')
  expect(docs).toContain('| wasm | 16.0 | 63 | 1.20 | 8.0 | 125 | 250 MB | 75 % | wasm simd, 1 thread |')
  await figures('--check')
})

test('a figure that was typed is found', { timeout }, async () => {
  const { folder, figures } = await repository()
  await figures('speed.json', 'pipeline.json')
  const readme = await readFile(join(folder, 'README.md'), 'utf8')
  await writeFile(join(folder, 'README.md'), readme.replace('12.5', '1.5'))
  await expect(figures('--check')).rejects.toThrow(/README.md is not what docs\/figures\/speed.json says/)
})

test('a run of few rounds or beside other work is called a trial, and runs of two machines make no table', {
  timeout,
}, async () => {
  const { folder, figures } = await repository()
  const few = { ...sampleReport, results: sampleReport.results.map((result) => ({ ...result, runs: 5 })) }
  await writeFile(join(folder, 'few.json'), JSON.stringify(few))
  await figures('few.json', 'pipeline.json')
  expect(await readFile(join(folder, 'README.md'), 'utf8')).toContain('A trial')
  const busy = { ...samplePipeline, loadBefore: 2 }
  await writeFile(join(folder, 'busy.json'), JSON.stringify(busy))
  await figures('busy.json')
  expect(await readFile(join(folder, 'docs/figures.md'), 'utf8')).toContain('A trial beside other work')
  const elsewhere = { ...sampleReport, machine: { ...sampleReport.machine, cpu: 'Another' } }
  await writeFile(join(folder, 'elsewhere.json'), JSON.stringify(elsewhere))
  await expect(figures('speed.json', 'elsewhere.json')).rejects.toThrow(/several processors/)
})
