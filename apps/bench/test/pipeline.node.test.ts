import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { defineMobileNetV2, type MobileNetV2Options, type Preprocessing } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { toSafetensors } from '@mobilenetv2/weights'
import sharp from 'sharp'
import { expect, onTestFinished, test, vi } from 'vitest'
import { python } from '../src/pipeline/classifiers/python.js'
import { classifierNames } from '../src/pipeline/classifiers.js'
import type { PipelineReport } from '../src/pipeline/pipeline.js'

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const bench = (...flags: string[]): Promise<{ stdout: string }> => promisify(execFile)(process.execPath, [program, ...flags])

const options: MobileNetV2Options = { widthMultiplier: 0.35, height: 96, width: 96, classes: 10 }

test('the whole way from photos to answers; what cannot run says why', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pipeline-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [index, background] of ['red', 'green', 'blue'].entries()) {
    await sharp({ create: { width: 120, height: 90, channels: 3, background } })
      .jpeg()
      .toFile(join(folder, `${index}.jpg`))
  }
  const architecture = defineMobileNetV2(options)
  const model = join(folder, 'model.safetensors')
  const half = [0.5, 0.5, 0.5] as const
  const preprocessing: Preprocessing = { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: half, deviation: half }
  const classes = { labels: [], background: null, output: 'softmax' } as const
  const parameters = seededParameters(architecture)
  await writeFile(model, toSafetensors({ options, parameters, preprocessing, classes }))
  const json = join(folder, 'report.json')
  const { stdout } = await bench('--pipeline', '--photos', folder, '--model', model, '--json', json)
  const { photos, results } = JSON.parse(await readFile(json, 'utf8')) as PipelineReport
  expect(photos).toBe(3)
  expect(results.map(({ name }) => name)).toEqual(classifierNames)
  expect(results[0]).toMatchObject({ error: null, device: expect.stringContaining('wasm') })
  expect(results.find(({ name }) => name === 'wasm-int8')?.error).toMatch(/int8/)
  for (const { error, medianMs, msAtOnce } of results) {
    if (error === null) expect([medianMs, msAtOnce].every((time) => time !== null && time > 0)).toBe(true)
    else expect(error).toMatch(/not installed|cannot start|Node 24|int8/)
  }
  expect(stdout).toContain('From file to answer: 3 photos')
})

test('an interpreter of Python that is not there costs its row alone', async () => {
  vi.stubEnv('MOBILENETV2_PYTHON', '/nowhere/python')
  onTestFinished(() => void vi.unstubAllEnvs())
  const half = [0.5, 0.5, 0.5] as const
  const files = { source: '', safetensors: '', onnx: '', tfjs: '', transformers: '' }
  const opening = python.open({ ...files, height: 96, width: 96, mean: half, deviation: half })
  await expect(opening).rejects.toThrow('cannot start /nowhere/python: set MOBILENETV2_PYTHON to the path of another Python')
})

test('the two options go together', { timeout: 60_000 }, async () => {
  await expect(bench('--pipeline')).rejects.toThrow(/go together/)
})
