import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters, seededValues } from '@mobilenetv2/testing'
import { toSafetensors, toTflite } from '@mobilenetv2/weights'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agreements } from '../src/agreement.js'
import { compile, load, type Network, quantize, readNetwork } from '../src/index.js'
import { spread } from '../src/quantize.js'
import { labelledPhotos, leftOut, modelsFolder } from './real-models.js'
import { run } from './run-cli.js'

const options = { widthMultiplier: 0.1, height: 32, width: 32, classes: 3, headChannels: 16 }
/** Pixels of a side of a picture. */
const size = 40

/** Pictures of random levels. The greater the number of a picture, the lighter it is. */
const pictures = [0, 1, 2, 3, 4, 5].map((seed) =>
  Uint8Array.from(seededValues('levels', size * size * 3, 0, 50 * (seed + 1), seed)),
)

let folder: string
let model: string
let files: string[]
let network: Network

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mobilenetv2-'))
  model = join(folder, 'float.safetensors')
  const bytes = toSafetensors({
    options,
    parameters: seededParameters(defineMobileNetV2(options)),
    preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
    classes: { labels: ['Cat', 'Dog', 'Emu'], background: null, output: 'softmax' },
  })
  await writeFile(model, bytes)
  network = await readNetwork(bytes)
  files = await Promise.all(
    pictures.map(async (data, index) => {
      const path = join(folder, `${index}.png`)
      await sharp(data, { raw: { width: size, height: size, channels: 3 } })
        .png()
        .toFile(path)
      return path
    }),
  )
  await writeFile(join(folder, 'text.jpg'), 'This is no picture.')
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** The logits of a model for a picture. */
async function logitsOf(source: Network | Uint8Array<ArrayBuffer>, file: string): Promise<Float32Array> {
  const int8 = { backend: 'wasm', precision: 'int8', threads: 0 } as const
  using opened = await (source instanceof Uint8Array ? load(source, int8) : compile(source, int8))
  return (await opened.classify(file, { detailed: true })).logits
}

describe('quantize', () => {
  it('gives a network of integers, whose file answers the same', async () => {
    const steps: number[] = []
    const quantised = await quantize(network, files, { threads: 0, onProgress: ({ done, total }) => steps.push(total - done) })
    expect(quantised.integers).not.toBeNull()
    expect(quantised.reasons.at(-1)).toBe('quantised to int8 with 6 pictures')
    expect(quantised.classes).toEqual(network.classes)
    expect(steps).toEqual(Array.from(steps, (_, index) => files.length + network.architecture.layers.length - index - 1))
    const file = toTflite(quantised, { dtype: 'I8' }).slice()
    const logits = await logitsOf(quantised, files[0]!)
    expect(await logitsOf(file, files[0]!)).toEqual(logits)
    using floats = await compile(network, { backend: 'wasm', threads: 0 })
    const before = (await floats.classify(files[0]!, { detailed: true })).logits
    for (const [index, value] of logits.entries()) expect(Math.abs(value - before[index]!)).toBeLessThan(0.3)
  })

  it('leaves out what is no picture if somebody is told of it', async () => {
    const text = join(folder, 'text.jpg')
    const unreadable: unknown[] = []
    await quantize(network, [text, files[0]!], { threads: 0, onUnreadable: (picture) => unreadable.push(picture) })
    expect(unreadable).toEqual([text])
    await expect(quantize(network, [text, files[0]!], { threads: 0 })).rejects.toThrow('text.jpg')
    await expect(quantize(network, [text], { threads: 0, onUnreadable: () => {} })).rejects.toThrow('can be read')
  })

  it('ends with its signal', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const onProgress = ({ done }: { done: number }): void => {
      if (done === 8) controller.abort(reason)
    }
    await expect(quantize(network, files, { threads: 0, signal: controller.signal, onProgress })).rejects.toBe(reason)
  })

  it('refuses what it cannot quantise', async () => {
    await expect(quantize(network, [])).rejects.toThrow('an array of one picture or more')
    const quantised = await quantize(network, files.slice(0, 1), { threads: 0 })
    await expect(quantize(quantised, files)).rejects.toThrow('quantised already')
    const maximum = { ...options, pool: 'max' as const }
    const architecture = defineMobileNetV2(maximum)
    await expect(quantize({ ...network, architecture }, files)).rejects.toThrow('layer pool')
    await expect(quantize(network, files, { batch: 2 } as object)).rejects.toThrow('batch')
  })
})

it('compares both classes of a single output, if the best one changes, and one class by its probability alone', async () => {
  const single = { ...options, classes: 1 }
  const architecture = defineMobileNetV2(single)
  const withBias = (bias: number): Network => ({
    ...network,
    options: single,
    architecture,
    parameters: new Map(seededParameters(architecture)).set('classifier', {
      kernel: new Float32Array(16),
      bias: Float32Array.of(bias),
    }),
    classes: { ...network.classes, labels: ['Cat', 'Dog'], output: 'sigmoid' },
  })
  const quantised = await quantize(withBias(-2), files.slice(0, 1), { threads: 0 })
  for await (const outcome of agreements(withBias(2), quantised, files.slice(0, 1), 0)) {
    // sigmoid(2) - sigmoid(-2)
    expect(outcome).toMatchObject({ isSame: false, difference: expect.closeTo(0.762, 2) })
  }
  const alone = { ...withBias(2), classes: { ...network.classes, labels: ['Cat'], output: 'sigmoid' as const } }
  for await (const outcome of agreements(alone, quantised, files.slice(0, 1), 0)) {
    expect(outcome).toMatchObject({ isSame: null, difference: expect.closeTo(0.762, 2) })
  }
})

it('a choice of a list is spread over it, from the first one on', () => {
  const list = Array.from({ length: 1000 }, (_, index) => index)
  const chosen = spread(list, 200)
  expect([...chosen].sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, index) => 5 * index))
  const first = chosen.slice(0, 20).sort((a, b) => a - b)
  for (const [index, item] of first.slice(1).entries()) expect(item - first[index]!).toBeLessThan(120)
  expect(spread(['a', 'b'], 200).sort()).toEqual(['a', 'b'])
})

describe('the command', () => {
  it('writes a file that is read and run, and says how the answers agree', async () => {
    const out = join(folder, 'model.tflite')
    const { status, stdout, stderr } = await run('quantize', model, ...files, join(folder, 'text.jpg'), '-o', out)
    expect([status, stderr.split('text.jpg').length]).toEqual([1, 2])
    const bytes = (await readFile(out)).length.toLocaleString('en-US')
    expect(stdout).toBe(
      `${out}  ${bytes} bytes; as float32 ${stdout.match(/float32 ([\d,]+)/)?.[1]}\n` +
        `same first answer for ${stdout.match(/for (\d)/)?.[1]} of 6 pictures\n` +
        `largest change of a probability: ${stdout.match(/: ([\d.]+ on average, [\d.]+ at most)/)?.[1]}\n`,
    )
    const answer = await run('classify', '--json', '--model', out, files[0]!)
    expect(
      JSON.parse(answer.stdout)
        .top.map(({ label }: { label: string }) => label)
        .sort(),
    ).toEqual(['Cat', 'Dog', 'Emu'])
  })

  it('refuses another ending before it reads, a quantised model, and a folder without pictures', async () => {
    const missing = join(folder, 'missing.pth')
    expect(await run('quantize', missing, ...files, '-o', join(folder, 'model.onnx'))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('.tflite'),
    })
    const out = join(folder, 'again.tflite')
    await writeFile(out, toTflite(await quantize(network, files.slice(0, 1), { threads: 0 }), { dtype: 'I8' }))
    expect(await run('quantize', out, ...files, '-o', join(folder, 'twice.tflite'))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('quantised already'),
    })
    const empty = await mkdtemp(join(folder, 'empty-'))
    expect(await run('quantize', model, empty, '-o', out)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('no pictures'),
    })
    expect((await run('quantize', model, ...files)).stderr).toContain('--out')
  })
})

describe(`photos${leftOut}`, () => {
  it.skipIf(leftOut !== '')(
    'a real network keeps its best answer for 18 of 20 photos that it was not quantised with',
    async () => {
      const read = await readNetwork(join(modelsFolder!, 'mobilenet_v2_1.0_224_quant.tflite'))
      const floats = { ...read, integers: null }
      const photos = labelledPhotos().map(({ path }) => path)
      const others = photos.filter((_, index) => index % 5 === 0)
      const calibration = photos.filter((_, index) => index % 25 === 1)
      const quantised = await quantize(floats, calibration)
      let same = 0
      for await (const outcome of agreements(floats, quantised, others, undefined))
        if ('isSame' in outcome && outcome.isSame) same++
      expect(same).toBeGreaterThanOrEqual(18)
    },
    600_000,
  )
})
