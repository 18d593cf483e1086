import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { expectAllClose, seededParameters } from '@mobilenetv2/testing'
import { provideWebGpu } from '@mobilenetv2/testing/node-webgpu'
import { toSafetensors } from '@mobilenetv2/weights'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BackendName, load, type Model, type RawPicture, type TeachProgress } from '../src/index.js'
import { run } from './run-cli.js'

const options = { widthMultiplier: 0.35, height: 32, width: 32, classes: 5, headChannels: 64 }
const bytes = toSafetensors({
  options,
  parameters: seededParameters(defineMobileNetV2(options)),
  preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0.4, 0.5, 0.6], deviation: [0.2, 0.3, 0.25] },
  classes: { labels: ['a', 'b', 'c', 'd', 'e'], background: null, output: 'sigmoid' },
})

/** A picture whose colour tells its class, and whose noise is its own. */
function picture(colour: readonly [number, number, number], seed: number): RawPicture & { readonly data: Uint8Array } {
  const noise = (at: number): number => ((at * 37 + seed * 101) % 23) - 11
  const data = Uint8Array.from({ length: 32 * 32 * 3 }, (_, at) => Math.min(255, Math.max(0, colour[at % 3]! + noise(at))))
  return { data, width: 32, height: 32 }
}

const colours = { red: [220, 40, 30], green: [40, 200, 60], blue: [30, 50, 230] } as const
const labels = ['red', 'green', 'blue'] as const
const several = (label: keyof typeof colours, count: number, seed = 0) =>
  Array.from({ length: count }, (_, index) => picture(colours[label], seed + index))
const lesson = { red: several('red', 6), green: several('green', 6), blue: several('blue', 6) }
const broken = new TextEncoder().encode('no picture')

let folder: string
let base: Model

beforeAll(async () => {
  base = await load(bytes, { backend: 'wasm', threads: 0 })
  folder = await mkdtemp(join(tmpdir(), 'mobilenetv2-teach-'))
  for (const label of labels) {
    for (const [part, count] of [
      ['photos', 5],
      ['test', 2],
    ] as const) {
      await mkdir(join(folder, part, label), { recursive: true })
      for (const [index, { data }] of several(label, count, part === 'test' ? 50 : 0).entries()) {
        const file = join(folder, part, label, `${index}.png`)
        await sharp(data, { raw: { width: 32, height: 32, channels: 3 } }).toFile(file)
      }
    }
  }
  await writeFile(join(folder, 'photos', 'red', 'broken.png'), broken)
  await writeFile(join(folder, 'base.safetensors'), bytes)
})

afterAll(async () => {
  base.dispose()
  await rm(folder, { recursive: true, force: true })
})

describe('teach', () => {
  it('gives a model of the new classes, and leaves the old one as it is', async () => {
    const before = await base.classify(lesson.red[0]!)
    const told: TeachProgress[] = []
    const { model, report, skipped } = await base.teach(lesson, { onProgress: (progress) => told.push(progress) })
    using taught = model
    for (const label of labels) {
      const [best] = await taught.classify(several(label, 1, 99)[0]!)
      expect(best).toMatchObject({ label, index: labels.indexOf(label) })
    }
    expect(await base.classify(lesson.red[0]!)).toEqual(before)
    expect(taught.network.classes).toMatchObject({ labels, background: null, output: 'softmax' })
    expect(taught.network.preprocessing).toEqual(base.network.preprocessing)
    expect([taught.backend, taught.device]).toEqual([base.backend, base.device])
    expect(report).toMatchObject({
      classes: labels.map((label) => ({ label, pictures: 6 })),
      training: { accuracy: 1 },
      validation: { how: { kind: 'folds', folds: 5, pictures: 18 }, accuracy: 1 },
      fineTuning: null,
      warnings: [],
      leftOut: [],
    })
    expect(skipped).toEqual([])
    expect(told.filter(({ stage }) => stage === 'reading').at(-1)).toEqual({ stage: 'reading', done: 18, total: 18 })
    expect(told.at(-1)!.stage).toBe('head')
    expect(told.at(-1)!.done).toBeLessThanOrEqual(told.at(-1)!.total)
  })

  it('lists pictures that cannot be read; they cost only themselves', async () => {
    const { model, report, skipped } = await base.teach({ ...lesson, red: [broken, ...lesson.red] })
    model.dispose()
    expect(skipped).toMatchObject([{ picture: broken, label: 'red', error: { code: 'IMAGE' } }])
    expect(report.classes[0]).toEqual({ label: 'red', pictures: 6 })
  })

  it('is judged by other pictures if they are given, and warns of those that it knows', async () => {
    const { model, report } = await base.teach(lesson, { validation: { blue: several('blue', 2, 70), red: [lesson.red[0]!] } })
    model.dispose()
    expect(report.validation).toMatchObject({ how: { kind: 'own-examples', pictures: 3 }, accuracy: 1 })
    expect(report.warnings).toMatchObject([{ kind: 'duplicates' }])
  })

  it('gives class weights by label', async () => {
    const few = { ...lesson, red: lesson.red.slice(0, 1) }
    const probability = async (classWeights: Parameters<Model['teach']>[1]): Promise<number> => {
      using taught = (await base.teach(few, classWeights)).model
      const answers = await taught.classify(picture([130, 120, 45], 3))
      return answers.find(({ label }) => label === 'red')!.probability
    }
    const plain = await probability({})
    expect(await probability({ classWeights: 'balanced' })).toBeGreaterThan(plain)
    expect(await probability({ classWeights: { red: 6 } })).toBeGreaterThan(plain)
  })

  it.each<[string, () => Promise<unknown>, string, string]>([
    ['one class', () => base.teach({ red: lesson.red }), 'INPUT', 'two classes or more'],
    ['a class without a picture that can be read', () => base.teach({ ...lesson, red: [broken] }), 'IMAGE', 'class red'],
    [
      'no picture that can be read',
      () => base.teach({ red: [broken], blue: [broken] }),
      'IMAGE',
      'None of the pictures can be read',
    ],
    ['no pictures', () => base.teach({}), 'INPUT', 'no labelled pictures'],
    ['an unknown option', () => base.teach(lesson, { rounds: 3 } as never), 'OPTION', 'There is no option rounds'],
    ['a share of 1', () => base.teach(lesson, { validation: 1 }), 'OPTION', 'below 1'],
    ['epochs without fine-tuning', () => base.teach(lesson, { epochs: 3 }), 'OPTION', 'no value unless fineTune is given'],
    ['augment without fine-tuning', () => base.teach(lesson, { augment: 'flip' }), 'OPTION', 'no value unless fineTune is given'],
    [
      'a weight of no class',
      () => base.teach(lesson, { classWeights: { pink: 2 } }),
      'OPTION',
      'labels of the pictures: red, green, blue',
    ],
    ['weights that are no object', () => base.teach(lesson, { classWeights: 'even' as never }), 'OPTION', "'balanced'"],
    ['a weight below 0', () => base.teach(lesson, { classWeights: { red: -2 } }), 'OPTION', 'a finite number above 0'],
    ['other classes to be judged by', () => base.teach(lesson, { validation: { pink: lesson.red } }), 'INPUT', 'do not have'],
    ['a layer that there is not', () => base.teach(lesson, { fineTune: 'block99.expand' }), 'OPTION', 'the id of a layer'],
    ['a folder that there is not', () => base.teach('no/such/folder'), 'SOURCE', 'no/such/folder'],
  ])('refuses %s', async (_, work, code, message) => {
    await expect(work()).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
  })

  it('refuses what is wrong before a picture is read', async () => {
    const unread = { red: ['no-such-file.png'], blue: ['no-such-file.png'] }
    const wrongs = [{ validation: { pink: ['x.png'] } }, { classWeights: { pink: 2 } }, { fineTune: 'block99.expand' }] as const
    for (const wrong of wrongs) {
      await expect(base.teach(unread, wrong)).rejects.toMatchObject({ code: expect.stringMatching(/OPTION|INPUT/) })
    }
  })

  it('ends when the model is disposed of', async () => {
    const model = await load(bytes, { backend: 'wasm', threads: 0 })
    let calls = 0
    const onProgress = (): void => {
      calls += 1
      if (calls === 3) model.dispose()
    }
    await expect(model.teach(lesson, { onProgress })).rejects.toMatchObject({ code: 'DISPOSED' })
    const then = calls
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(calls).toBe(then)
  })

  it('takes a class of any name', async () => {
    const { model, report } = await base.teach(
      { constructor: lesson.red, toString: lesson.blue },
      { classWeights: { toString: 2 } },
    )
    model.dispose()
    expect(report.classes.map(({ label }) => label)).toEqual(['constructor', 'toString'])
  })

  it('ends with the signal', async () => {
    const controller = new AbortController()
    const teaching = base.teach(lesson, { signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) })
    await expect(teaching).rejects.toThrow('enough')
  })
})

it('refuses a model that computes in integers, before a picture is read', async () => {
  using model = await load(
    await readFile(new URL('../../weights/test/goldens/quantized.tflite.gz', import.meta.url)).then(gunzipSync),
    {
      backend: 'wasm',
      precision: 'int8',
      threads: 0,
    },
  )
  await expect(model.teach('no/such/folder')).rejects.toMatchObject({ code: 'OPTION', details: { where: model.device } })
})

describe('a taught model in a file', () => {
  // `npm run test:onnxruntime` installs onnxruntime-node, and says so.
  const hasOnnxRuntime = process.env.MOBILENETV2_ONNXRUNTIME === 'required'
  const backends: readonly BackendName[] = ['wasm', 'tfjs', 'webgpu', ...(hasOnnxRuntime ? (['onnxruntime'] as const) : [])]
  const leftOut = hasOnnxRuntime ? '' : ' [onnxruntime left out: npm run test:onnxruntime runs it]'
  beforeAll(async () => {
    await import('@tensorflow/tfjs-backend-wasm')
    await provideWebGpu()
  })
  it.each(['safetensors', 'onnx', 'tflite', 'json'])(
    `.%s answers as before on every backend, with its labels and its report${leftOut}`,
    async (extension) => {
      const { model, save } = await base.teach(lesson)
      using taught = model
      const path = join(folder, `mine.${extension}`)
      await save(path)
      const wanted = await taught.classify(lesson.green[3]!, { detailed: true })
      for (const backend of backends) {
        using read = await load(path, { backend })
        expect(read.network.classes).toMatchObject({ labels, background: null, output: 'softmax' })
        expect(read.network.preprocessing).toEqual(base.network.preprocessing)
        expect(read.network.report).toMatchObject({ pictures: 18, classes: { red: 6, green: 6, blue: 6 }, validationAccuracy: 1 })
        const { answers, logits } = await read.classify(lesson.green[3]!, { detailed: true })
        expect(answers.map(({ label }) => label)).toEqual(wanted.answers.map(({ label }) => label))
        expectAllClose(logits, wanted.logits, { relative: 1e-4 })
      }
    },
  )

  it('has an extension that is known', async () => {
    const { model, save } = await base.teach(lesson)
    model.dispose()
    await expect(save(join(folder, 'mine.pth'))).rejects.toMatchObject({ code: 'OPTION', details: { got: '.pth' } })
  })
})

it('fineTune lets the last layers learn too, judged by pictures that are set aside', async () => {
  await import('@tensorflow/tfjs-backend-wasm')
  const stages = new Set<string>()
  const { model, report } = await base.teach(lesson, {
    fineTune: 3,
    epochs: 2,
    augment: 'flip',
    onProgress: ({ stage }) => stages.add(stage),
  })
  using taught = model
  expect([...stages]).toEqual(['reading', 'head', 'fine-tuning'])
  expect(report.fineTuning).toMatchObject({ from: 'block17.project', keptEpoch: expect.any(Number) })
  expect(report.fineTuning!.history.map(({ epoch }) => epoch)).toEqual([0, 1, 2])
  expect(report.validation).toMatchObject({ how: { kind: 'held-out', pictures: 3 } })
  expect(report.classes.map(({ pictures }) => pictures)).toEqual([6, 6, 6])
  expect(await taught.classify(several('blue', 1, 99)[0]!)).toMatchObject([{ label: 'blue' }, {}, {}])
})

describe('mobilenetv2 teach', () => {
  it('teaches a folder, writes the file, and evaluate finds it good', async () => {
    const out = join(folder, 'taught.safetensors')
    const photos = join(folder, 'photos')
    const taught = await run('teach', photos, '-o', out, '--model', join(folder, 'base.safetensors'))
    expect(taught.stderr).toContain('broken.png')
    expect(taught.status).toBe(1)
    expect(taught.stdout).toMatch(/^3 classes from 15 pictures; 1 could not be read\n {2}blue {3}5\n {2}green {2}5\n {2}red {4}5\n/)
    expect(taught.stdout).toContain('accuracy 100.0 % on 15 pictures, each by a head that learned from 4 of 5 parts')
    const evaluated = await run('evaluate', join(folder, 'test'), '--model', out, '--json')
    expect(JSON.parse(evaluated.stdout)).toMatchObject({ pictures: 6, accuracy: 1 })
    expect((await run('inspect', out)).stdout).toContain('"validationAccuracy":1')
  })

  it('refuses a folder that is not there before a picture is read', async () => {
    const out = join(folder, 'missing', 'mine.onnx')
    const { status, stderr } = await run('teach', join(folder, 'photos'), '-o', out, '--model', join(folder, 'base.safetensors'))
    expect(status).toBe(1)
    expect(stderr).toContain('The folder of the file to write does not exist.')
  })

  it('refuses another extension before a picture is read', async () => {
    const { status, stderr } = await run(
      'teach',
      join(folder, 'photos'),
      '-o',
      'mine.pth',
      '--model',
      join(folder, 'base.safetensors'),
    )
    expect(status).toBe(1)
    expect(stderr).toContain('.safetensors (safetensors)')
  })
})
