import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Outcome, run, runWith } from './run-cli.js'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mobilenetv2-'))
  const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: 'orange' } })
  await picture.clone().png().toFile(join(folder, 'orange.png'))
  await picture.clone().jpeg().toFile(join(folder, 'orange.jpg'))
  await writeFile(join(folder, 'text.jpg'), 'This is no picture.')
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('summary', () => {
  it("prints the reference implementation's table", async () => {
    const golden = await readFile(new URL('../../spec/test/goldens/torchinfo-batch-2.txt', import.meta.url), 'utf8')
    expect(await run('summary', '--batch', '2')).toEqual({ status: 0, stdout: `${golden}\n`, stderr: '' })
  })

  it('takes width, size and format, and refuses wrong values', async () => {
    const { stdout } = await run('summary', '--width-multiplier', '1.4', '--size', '96', '--format', 'json')
    expect(JSON.parse(stdout)).toMatchObject({ input: { height: 96, width: 96 }, parameters: 6_108_776 })
    expect(await run('summary', '--size', '31')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('an integer from 32 to 8192'),
    })
    expect(await run('summary', '--width-multiplier', 'wide')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('must be a number'),
    })
  })
})

describe('classify', () => {
  it('answers for every file that can be read, and says why not for the others', async () => {
    const files = ['orange.png', 'text.jpg', 'missing.jpg', 'orange.jpg'].map((name) => join(folder, name))
    const { status, stdout, stderr } = await run('classify', '--json', '--top', '2', ...files)
    expect(status).toBe(1)
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ file }) => file)).toEqual([files[0], files[3]])
    for (const { top, backend, device, model, milliseconds } of lines) {
      expect(top).toHaveLength(2)
      expect(top[0]).toEqual({ index: expect.any(Number), label: expect.any(String), probability: expect.any(Number) })
      expect({ backend, device, model }).toEqual({ backend: 'wasm', device: expect.any(String), model: expect.any(String) })
      expect(milliseconds).toEqual({ decode: expect.any(Number), preprocess: expect.any(Number), network: expect.any(Number) })
    }
    expect(stderr).toContain('text.jpg')
    expect(stderr).toContain('missing.jpg')
  })

  it('draws bars for people', async () => {
    const { status, stdout } = await run('classify', '--top', '1', join(folder, 'orange.png'))
    expect(status).toBe(0)
    expect(stdout).toMatch(/orange\.png\n {2}[█░]{24} +\d+\.\d % {2}\w+\n$/)
  })

  it('answers in the order of the files, and the same, in however many jobs', async () => {
    const many = join(folder, 'many')
    await mkdir(many)
    for (let number = 10; number < 20; number++) {
      // Sizes that differ much, so that answers are not ready in their order.
      const side = number % 2 === 0 ? 1200 : 20
      const create = { width: side, height: side, channels: 3, background: { r: 25 * (number - 10), g: 90, b: 40 } } as const
      await sharp({ create })
        .jpeg()
        .toFile(join(many, `${number}.jpg`))
    }
    await writeFile(join(many, '14.jpg'), 'This is no picture.')
    const [one, three] = await Promise.all(['1', '3'].map((jobs) => run('classify', '--json', '--jobs', jobs, many)))
    const answers = ({ stdout }: Outcome) =>
      stdout
        .trim()
        .split('\n')
        .map((line) => ({ ...JSON.parse(line), milliseconds: 0 }))
    expect(answers(three!)).toEqual(answers(one!))
    expect(answers(three!).map(({ file }) => file)).toEqual([10, 11, 12, 13, 15, 16, 17, 18, 19].map((n) => join(many, `${n}.jpg`)))
    expect(three).toMatchObject({ status: 1, stderr: expect.stringContaining('14.jpg') })
  })

  it('refuses jobs that contradict another flag', async () => {
    const picture = join(folder, 'orange.png')
    for (const flags of [
      ['--jobs', '0'],
      ['--jobs', '2', '--threads', '2'],
      ['--jobs', '2', '--backend', 'webgpu'],
      ['--jobs', '2', '--precision', 'float16'],
    ])
      expect(await run('classify', ...flags, picture)).toMatchObject({ status: 1, stderr: expect.stringContaining('option jobs') })
  })

  it('computes in the integers of a quantised model, in one job as in two, and in no other model', async () => {
    const model = join(folder, 'int8.tflite')
    const golden = new URL('../../weights/test/goldens/int8.tflite.gz', import.meta.url)
    await writeFile(model, gunzipSync(await readFile(golden)))
    const picture = join(folder, 'orange.png')
    const classify = (...flags: string[]) => run('classify', '--json', '--precision', 'int8', ...flags, picture, picture)
    const [one, two] = await Promise.all([classify('--model', model), classify('--model', model, '--jobs', '2')])
    const answers = ({ stdout }: Outcome) =>
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).top)
    expect([one!.status, two!.status]).toEqual([0, 0])
    expect(answers(two!)).toEqual(answers(one!))
    expect(await classify()).toMatchObject({ status: 1, stderr: expect.stringContaining('The network has no integers') })
  })

  it('writes CSV, quoted', async () => {
    const file = join(folder, 'odd names', 'a "quoted", odd name.png')
    await mkdir(dirname(file))
    await copyFile(join(folder, 'orange.png'), file)
    const { status, stdout } = await run('classify', '--csv', '--top', '2', file)
    const [header, first, second] = stdout.split('\n')
    const quoted = `"${file.replaceAll('"', '""')}"`
    expect([status, header]).toEqual([0, 'file,rank,index,label,probability'])
    expect(first?.startsWith(`${quoted},1,`)).toBe(true)
    expect(second?.startsWith(`${quoted},2,`)).toBe(true)
    expect(first).toMatch(/,\d,\w+,0\.\d+$/)
  })

  it('finds the files of a pattern that the shell left alone', async () => {
    const { stdout } = await run('classify', '--csv', '--top', '1', join(folder, 'orange.{png,jpg}'))
    expect(stdout.split('\n').map((line) => line.split(',')[0])).toEqual([
      'file',
      join(folder, 'orange.jpg'),
      join(folder, 'orange.png'),
      '',
    ])
    expect(await run('classify', join(folder, 'none-*.png'))).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('none-*.png'),
    })
  })

  it('reads the standard input once', async () => {
    expect(await runWith({ input: new Uint8Array() }, 'classify', '-', join(folder, 'orange.png'), '-')).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^The standard input is named twice[^\n]*\n {2}what to do: Give - once\.\n$/),
    })
  })

  it('reads a picture from the standard input', async () => {
    const picture = await readFile(join(folder, 'orange.png'))
    const { status, stdout } = await runWith({ input: picture }, 'classify', '--json', '-')
    const { file, top } = JSON.parse(stdout)
    expect([status, file, top.length]).toEqual([0, '-', 5])
    expect(top).toEqual(JSON.parse((await run('classify', '--json', join(folder, 'orange.png'))).stdout).top)
  })

  it('draws no preview where it is piped', async () => {
    const { stdout } = await runWith({ environment: { NO_COLOR: '', FORCE_COLOR: '3' } }, 'classify', join(folder, 'orange.png'))
    expect(stdout).toContain('orange.png')
    expect(stdout).not.toContain('▀')
  })

  it('refuses a file that is not a model', async () => {
    const text = join(folder, 'text.jpg')
    const outcome = await run('classify', '--model', text, text)
    expect(outcome).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('text.jpg') })
    expect(outcome.stderr).not.toContain('    at ')
  })
})

it('--version is that of the package', async () => {
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
  expect(await run('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
})

describe('doctor', () => {
  it('says what runs here, and what would help where something does not', async () => {
    const { status, stdout } = await run('doctor')
    expect(status).toBe(0)
    expect(stdout).toMatch(/ok {2}wasm +wasm (relaxed-)?simd(, 256 bits[^,\n]*)?, 1 thread\n/)
    expect(stdout).toMatch(/-- {2}webgpu +This engine has no WebGPU[^\n]*\n +what to do: Use Chrome/)
    expect(stdout).toMatch(/ok {2}SIMD +128 bits\n(ok|--) {2}relaxed SIMD /)
    expect(stdout).toMatch(/ {2}threads +\d+ processors|one processor/)
    expect(stdout).toMatch(/-- {2}node-cuda +The backend node-cuda is not installed\.\n +what to do: npm install @mobilenetv2/)
    expect(stdout).toMatch(
      /-- {2}onnxruntime +The backend onnxruntime is not installed\.\n +what to do: npm install onnxruntime-node --ignore-scripts/,
    )
    expect(stdout).toMatch(/-- {2}default model +imagenet-1\.0-224 is neither [^\n]*\n +what to do: mobilenetv2 download/)
    expect(stdout).toContain('sharp 0.')
    expect(stdout).toMatch(/ok {2}cache +\S+: /)
  })
})

describe('bench', () => {
  it('times a model and each of its layers', async () => {
    const { status, stdout } = await run('bench', '--backend', 'wasm', '--runs', '3', '--json')
    const { backend, median, minimum, layers } = JSON.parse(stdout)
    expect([status, backend]).toEqual([0, 'wasm'])
    expect(minimum).toBeGreaterThan(0)
    expect(median).toBeGreaterThanOrEqual(minimum)
    expect(layers.flatMap(({ layers: ids }: { layers: string[] }) => ids)).toContain('block17.project')
    expect((await run('bench', '--runs', '1')).stdout).toMatch(/^wasm \(wasm [^\n]*: median [\d.]+ ms[^\n]*\n[\s\S]* {2}head\n/)
  })
})

describe('inspect', () => {
  it('says what the model inside npm nsfwjs is', async () => {
    const { status, stdout } = await run('inspect', 'nsfw-1.4-224')
    expect(status).toBe(0)
    expect(stdout).toMatch(/width multiplier +1\.4\n/)
    expect(stdout).toMatch(/classes +5, softmax\n/)
    expect(stdout).toContain('224 x 224, padding same')
  })

  it('prints JSON for programs, and takes labels', async () => {
    const labels = join(folder, 'labels.txt')
    await writeFile(labels, '0 a\r\n1 b\r\n2 c\r\n3 d\r\n4 e\r\n')
    const { status, stdout } = await run('inspect', '--json', '--labels', labels, 'nsfw-1.4-224')
    const { format, naming, widthMultiplier, input, classes, preprocessing, reasons, tensors } = JSON.parse(stdout)
    expect([status, format, naming, widthMultiplier]).toEqual([0, 'tfjs-graph-model', 'structural', 1.4])
    expect(input).toEqual({ height: 224, width: 224, channels: 3 })
    expect(classes).toEqual({
      count: 5,
      labels: ['a', 'b', 'c', 'd', 'e'],
      background: null,
      output: 'softmax',
      outputReason: 'the graph ends in a softmax',
    })
    expect(preprocessing.geometry).toEqual({ kind: 'stretch' })
    expect(reasons).toContain('labels of 5 classes: as asked for')
    expect(tensors[0]).toEqual({ name: expect.any(String), shape: expect.any(Array), dtype: expect.any(String) })
  })

  it('takes the name of one of several networks', async () => {
    const path = join(folder, 'training.pth')
    await writeFile(path, gunzipSync(await readFile(new URL('../../weights/test/goldens/training.pth.gz', import.meta.url))))
    expect((await run('inspect', path)).stdout).toMatch(/weights of .*: not averaged; the file has those of .* \(option weights\)/)
    expect((await run('inspect', '--weights', 'ema', path)).stdout).toMatch(/weights of .*ema.*: as asked for/)
    expect(await run('inspect', '--weights', 'teacher', path)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/option weights[\s\S]*the prefix of a network in the file[\s\S]*teacher/),
    })
  })

  it('fails where load fails: labels that do not fit, a parameter that is no number', async () => {
    const labels = join(folder, 'few.json')
    await writeFile(labels, '["a", "b"]')
    expect(await run('inspect', '--labels', labels, 'nsfw-1.4-224')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('5 labels'),
    })
    const path = join(folder, 'damaged.safetensors')
    await run('convert', 'nsfw-1.4-224', path)
    const bytes = await readFile(path)
    bytes.fill(0xff, bytes.length - 8)
    await writeFile(path, bytes)
    expect(await run('inspect', path)).toMatchObject({ status: 1, stderr: expect.stringContaining('not a finite number') })
  })

  it('fails with one sentence for a file that is not there', async () => {
    expect(await run('inspect', join(folder, 'missing.pth'))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('missing.pth'),
    })
  })
})

describe('convert', () => {
  it('writes every format, and each is read back as the same network', async () => {
    for (const name of ['model.safetensors', 'model.onnx', 'model.tflite', 'model.json']) {
      const path = join(folder, name)
      const { status, stdout } = await run('convert', 'nsfw-1.4-224', path)
      expect([status, stdout.split('\n')[0]], name).toEqual([0, expect.stringMatching(/model\.\w+ {2}[\d,]+ bytes$/)])
      const { stdout: found } = await run('inspect', path)
      expect(found, name).toMatch(/width multiplier +1\.4\n[\s\S]*classes +5, softmax\nlabels +Drawing; Hentai; Neutral/)
      expect(found, name).toMatch(/preprocessing +stretch, bilinearAlignCorners\n/)
    }
  })

  it('keeps the answers and the labels in a quarter of the bytes', async () => {
    const path = join(folder, 'small.safetensors')
    expect((await run('convert', 'nsfw-1.4-224', path, '--dtype', 'I8')).status).toBe(0)
    const picture = join(folder, 'orange.png')
    const [from, to] = await Promise.all(
      ['nsfw-1.4-224', path].map(async (model) => JSON.parse((await run('classify', '--json', '--model', model, picture)).stdout)),
    )
    const probabilities = (top: { label: string; probability: number }[]) =>
      top.map(({ label, probability }) => [label, probability]).sort()
    for (const [index, [label, probability]] of probabilities(to.top).entries()) {
      expect(label).toBe(probabilities(from.top)[index]?.[0])
      expect(probability).toBeCloseTo(Number(probabilities(from.top)[index]?.[1]), 1)
    }
  })

  it('refuses what it cannot write, before it reads', async () => {
    expect(await run('convert', 'nsfw-1.4-224', join(folder, 'model.bin'))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('.safetensors (safetensors), .onnx (onnx)'),
    })
    expect(await run('convert', 'nsfw-1.4-224', join(folder, 'model.onnx'), '--dtype', 'F16')).toMatchObject({ status: 1 })
    expect(await run('convert', 'nsfw-1.4-224', join(folder, 'no-such-folder', 'model.onnx'))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no-such-folder'),
    })
  })
})

describe('embed, similar, explain', () => {
  it('prints the features of each picture', async () => {
    const { status, stdout } = await run('embed', '--normalize', join(folder, 'orange.png'), join(folder, 'text.jpg'))
    expect(status).toBe(1)
    const { file, embedding } = JSON.parse(stdout)
    expect([file, embedding.length]).toEqual([join(folder, 'orange.png'), 1792])
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 5)
  })

  it('ranks the pictures of a folder, and says which it could not read', async () => {
    const alike = join(folder, 'alike')
    await mkdir(alike)
    for (const name of ['orange.png', 'orange.jpg', 'text.jpg']) await copyFile(join(folder, name), join(alike, name))
    const { status, stdout, stderr } = await run('similar', '--json', join(folder, 'orange.png'), alike)
    const matches = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(matches[0]).toEqual({ file: join(alike, 'orange.png'), similarity: expect.closeTo(1, 5) })
    expect(matches.map(({ file }) => file)).toContain(join(alike, 'orange.jpg'))
    expect([status, stderr]).toEqual([1, expect.stringContaining('text.jpg')])
  })

  it('draws the heat of a class over what the model saw', async () => {
    const out = join(folder, 'heat.png')
    const { status, stdout } = await run('explain', join(folder, 'orange.png'), '-o', out, '--class', '2')
    expect([status, stdout]).toEqual([0, expect.stringContaining('heat.png  Neutral')])
    expect(await sharp(out).metadata()).toMatchObject({ width: 224, height: 224, format: 'png' })
    expect(await run('explain', join(folder, 'orange.png'), '-o', join(folder, 'heat.xyz'))).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/heat\.xyz\s+expected: \.png, \.jpg, \.jpeg, \.webp/),
    })
  })
})
