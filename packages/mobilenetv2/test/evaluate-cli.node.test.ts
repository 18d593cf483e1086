import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cli, run } from './run-cli.js'
import { smallModel } from './small-files.js'

let folder: string
let model: string
let pictures: string

/** The name of a file, with HTML and an escape sequence. */
const oddName = 'a <b>"&\u001b[1m.png'

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mobilenetv2-evaluate-'))
  model = join(folder, 'model.safetensors')
  pictures = join(folder, 'pictures')
  await writeFile(model, smallModel)
  for (const [index, name] of ['cat/1.png', 'cat/2.png', 'dog/1.png', `dog/${oddName}`, 'EMU/deep/1.png'].entries()) {
    await mkdir(join(pictures, name, '..'), { recursive: true })
    const background = { r: 50 * index, g: 200 - 40 * index, b: 90 }
    await sharp({ create: { width: 40, height: 30, channels: 3, background } }).toFile(join(pictures, name))
  }
  await writeFile(join(pictures, 'notes.txt'), '')
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const evaluate = (...flags: string[]) => run('evaluate', pictures, '--model', model, ...flags)

describe('evaluate', () => {
  it('prints a report for people', async () => {
    const { status, stdout, stderr } = await evaluate('--temperature')
    expect(status).toBe(0)
    expect(stderr).toBe("1 file is left out: its name does not end as a picture's does (.txt).\n")
    expect(stdout).toMatch(
      /^5 pictures\n.*model\.safetensors on wasm \(.*\), \d+\.\d pictures a second\n\ntop-1 accuracy +\d+\.0 %\n/,
    )
    expect(stdout).toMatch(/\ntemperature +\d+\.\d{3} /)
    expect(stdout).toMatch(/\nclass +pictures +precision +recall +F1\n/)
    expect(stdout).toMatch(/\nthe worst \d of \d mistakes\n/)
    expect(stdout).not.toContain('\u001b')
    expect(stdout).not.toContain('top-5')
  })

  it('prints all of it as JSON, and the classes as CSV', async () => {
    const evaluation = JSON.parse((await evaluate('--json', '--mistakes', '1')).stdout)
    expect(evaluation).toMatchObject({ pictures: 5, modelClasses: 3, backend: 'wasm', model, skipped: [], fitted: null })
    expect(evaluation.mistakes.length).toBe(1)
    expect(evaluation.mistakes[0].picture.startsWith(pictures)).toBe(true)
    const [header, ...lines] = (await evaluate('--csv')).stdout.trim().split('\n')
    expect(header).toBe('index,label,pictures,answered,right,precision,recall,f1')
    expect(lines.length).toBe(evaluation.classes.length)
    expect(lines.map((line) => line.split(',')[1])).toEqual(evaluation.classes.map(({ label }: { label: string }) => label))
    expect(await evaluate('--csv', '--json')).toMatchObject({ status: 1, stdout: '' })
  })

  it('writes a page that escapes names and asks no network', async () => {
    const file = join(folder, 'report.html')
    expect(await evaluate('--html', file)).toMatchObject({ status: 0, stderr: expect.stringContaining('report.html is written.') })
    const page = await readFile(file, 'utf8')
    expect(page).toContain('data:image/jpeg;base64,')
    expect(page).toContain('<svg ')
    expect(page).toContain('class="confusion"')
    expect(page).not.toContain('a <b>')
    expect(page).not.toContain('\u001b')
    expect(page).not.toMatch(/(src|href)="(?!data:)|url\(|<script/)
  })

  it('goes on where a picture cannot be read, names it and exits with 1', async () => {
    const file = join(pictures, 'cat', 'broken.jpg')
    await writeFile(file, 'no picture')
    const { status, stdout, stderr } = await evaluate('--json')
    await rm(file)
    expect(status).toBe(1)
    expect(stderr).toContain('broken.jpg')
    expect(JSON.parse(stdout)).toMatchObject({
      pictures: 5,
      skipped: [{ picture: file, label: 'cat', error: expect.stringContaining('broken.jpg') }],
    })
  })

  it('takes a file of labels', async () => {
    const labels = join(folder, 'truth.csv')
    await writeFile(labels, 'file,label\ncat/1.png,Dog\nEMU/deep/1.png,Emu\n')
    const { status, stdout } = await evaluate('--json', '--picture-labels', labels)
    expect([status, JSON.parse(stdout).pictures]).toEqual([0, 2])
  })

  it('decodes large photos faster if asked to', async () => {
    const photos = join(folder, 'photos')
    const noise = { type: 'gaussian', mean: 128, sigma: 90 } as const
    await mkdir(join(photos, 'cat'), { recursive: true })
    await sharp({ create: { width: 640, height: 640, channels: 3, background: 'red', noise } }).toFile(join(photos, 'cat', '1.jpg'))
    const lossOf = async (...flags: string[]) =>
      JSON.parse((await run('evaluate', photos, '--model', model, '--json', ...flags)).stdout).loss
    const exact = await lossOf('--decode', 'exact')
    expect(await lossOf()).toBe(exact)
    expect(await lossOf('--decode', 'fast')).not.toBe(exact)
    expect(await evaluate('--decode', 'quick')).toMatchObject({ status: 1, stderr: expect.stringContaining('exact, fast') })
    await rm(photos, { recursive: true })
  })

  it('says what is wrong with a folder', async () => {
    expect(await run('evaluate', join(pictures, 'cat'), '--model', model)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('a folder for each class'),
    })
    expect(await run('evaluate', folder, '--model', model)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^1 label of the pictures is not a class of the model\./),
    })
  })

  it('ends at once with Ctrl-C, and writes nothing', async () => {
    const file = join(folder, 'never.html')
    const many = join(folder, 'many', 'cat')
    await mkdir(many, { recursive: true })
    const create = { width: 3000, height: 3000, channels: 3, background: 'red' } as const
    const picture = await sharp({ create }).jpeg().toBuffer()
    for (let index = 0; index < 50; index++) await writeFile(join(many, `${index}.jpg`), picture)
    // The pictures are being read soon after the model has been sent.
    const server = createServer((_, response) => response.end(smallModel, () => child.kill('SIGINT'))).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.safetensors`
    const child = spawn(process.execPath, [cli, 'evaluate', join(folder, 'many'), '--model', url, '--html', file])
    const [code] = await once(child, 'exit')
    server.closeAllConnections()
    server.close()
    expect(code).toBe(130)
    await expect(access(file)).rejects.toThrow()
  })
})

describe('folders as input', () => {
  it('are read with their folders by every command', async () => {
    const files = ['EMU/deep/1.png', 'cat/1.png', 'cat/2.png', 'dog/1.png'].map((name) => join(pictures, name))
    const classified = await run('classify', '--csv', '--top', '1', '--model', model, pictures)
    expect(classified.stdout.split('\n').map((line) => line.split(',')[0])).toEqual([
      'file',
      ...files,
      expect.stringContaining('dog'),
      '',
    ])
    const embedded = await run('embed', '--model', model, pictures)
    expect(embedded.stdout.trim().split('\n').length).toBe(5)
    const similar = await run('similar', '--model', model, files[0]!, pictures)
    expect(similar.stdout.trim().split('\n').length).toBe(5)
    const quantised = await run('quantize', model, pictures, '-o', join(folder, 'small.tflite'))
    expect(quantised.stdout).toContain('of 5 pictures')
  })
})
