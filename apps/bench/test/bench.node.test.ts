import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import type { Report, Result } from '../src/result.js'

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const bench = (...flags: string[]): Promise<{ stdout: string }> => promisify(execFile)(process.execPath, [program, ...flags])

const network = ['--width-multiplier', '0.35', '--size', '64', '--batch', '2', '--runs', '2']

async function report(...flags: string[]): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'report.json')
  await bench(...network, ...flags, '--json', file)
  return JSON.parse(await readFile(file, 'utf8'))
}

function expectFigures(result: Result): void {
  expect(result).toMatchObject({ threads: 1, widthMultiplier: 0.35, size: 64, batch: 2, error: null, runs: 2 })
  for (const figure of ['medianMs', 'minMs', 'ratioToFirst', 'peakShare', 'coldMs', 'downloadBytes'] as const) {
    expect(result[figure], `${result.contender} ${figure}`).toBeGreaterThan(0)
  }
}

test('a whole run in Node: peers agree with the reference, and what cannot run says why', { timeout: 180_000 }, async () => {
  const names = ['wasm', 'onnxruntime-web-wasm', 'tfjs-wasm', 'tfjs-cpu', 'litert-float']
  const { machine, peak, results } = await report('--where', 'node', '--contenders', names.join(','))
  expect(machine.places.node).toBe(`Node ${process.version}`)
  expect(peak.gflops).toBeGreaterThan(0)
  expect(results.map(({ contender }) => contender)).toEqual(names)
  results.slice(0, 4).forEach(expectFigures)
  expect(results[0]!.ratioToFirst).toBe(1)
  expect(results[0]!.profile!.reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0)).toBeGreaterThan(0)
  expect(results[4]).toMatchObject({ medianMs: null, error: 'runs in chromium, chromium-256, firefox, webkit only' })
})

test.skipIf(process.env.MOBILENETV2_NODE_ONLY)(
  'a whole run in Chromium (left out where MOBILENETV2_NODE_ONLY is set): each peer fetches what its row lists',
  { timeout: 180_000 },
  async () => {
    const names = ['wasm', 'litert-float', 'onnxruntime-web-wasm', 'tfjs-wasm']
    const { machine, results } = await report('--where', 'chromium', '--contenders', names.join(','))
    expect(machine.places.chromium).toMatch(/^Chromium \d/)
    expect(results.map(({ contender }) => contender)).toEqual(names)
    results.forEach(expectFigures)
  },
)

test('a wrong option ends the program with a message', { timeout: 60_000 }, async () => {
  await expect(bench('--contenders', 'nobody')).rejects.toThrow(/is invalid/)
  await expect(bench('--runs', '0')).rejects.toThrow(/whole number from 1/)
})
