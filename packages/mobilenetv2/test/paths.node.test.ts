import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, createWriteStream, openSync, readdirSync, writeSync } from 'node:fs'
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { framesOf, load, type Model, readNetwork } from '../src/index.js'
import { smallModel, smallPicture } from './small-files.js'

let folder: string
let model: Model
let socket: Server
const at = (name: string): string => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mobilenetv2-paths-'))
  model = await load(smallModel, { backend: 'wasm', threads: 0 })
  socket = createServer()
  await new Promise<void>((resolve) => socket.listen(at('socket'), resolve))
})

afterAll(async () => {
  model.dispose()
  socket.close()
  await rm(folder, { recursive: true, force: true })
})

function pipe(name: string): string {
  execFileSync('sh', ['-c', 'mkfifo "$0"', at(name)])
  return at(name)
}

const kinds = [
  ['model', smallModel, (path: string, signal?: AbortSignal) => readNetwork(path, { signal })],
  ['picture', smallPicture, (path: string, signal?: AbortSignal) => model.classify(path, { signal })],
] as const

// Windows has neither named pipes with a path nor devices.
describe.skipIf(process.platform === 'win32').each(kinds)('the path of a %s', (name, file, read) => {
  it('is a named pipe: read when somebody writes', async () => {
    const path = pipe(`${name}-pipe`)
    const reading = read(path)
    await new Promise((resolve) => setTimeout(resolve, 50))
    createWriteStream(path).end(file)
    await reading
  })

  it('is a named pipe to which nobody writes: it blocks no thread, and the signal ends it', async () => {
    const path = pipe(`${name}-silent`)
    const controller = new AbortController()
    // More than libuv has threads.
    const readings = Array.from({ length: 9 }, () => read(path, controller.signal))
    await writeFile(at(`${name}-other`), 'text')
    controller.abort(new Error('enough'))
    const outcomes = await Promise.allSettled(readings)
    expect(outcomes.map((outcome) => outcome.status === 'rejected' && String(outcome.reason))).toEqual(
      Array.from({ length: 9 }, () => 'Error: enough'),
    )
  })

  it('is a named pipe whose writer has no end', async () => {
    const path = pipe(`${name}-endless`)
    const writer = spawn('sh', ['-c', `cat /dev/zero > ${path}`], { stdio: 'ignore' })
    await expect(read(path)).rejects.toMatchObject({ code: 'SOURCE', message: expect.stringContaining('too long') })
    await new Promise((resolve) => writer.once('exit', resolve))
  })

  it('is a device without an end', async () => {
    await expect(read('/dev/zero')).rejects.toMatchObject({ code: 'SOURCE', message: expect.stringContaining('too long') })
  })

  it('is a long file of holes: refused by its length', async () => {
    await writeFile(at(`${name}-sparse`), '')
    await truncate(at(`${name}-sparse`), 1.9e9)
    await expect(read(at(`${name}-sparse`))).rejects.toMatchObject({
      code: 'SOURCE',
      details: { where: at(`${name}-sparse`), got: '1900000000 bytes' },
    })
  })

  it.each([
    ['a socket', () => at('socket'), /ENXIO|EOPNOTSUPP/],
    ['nothing', () => at('nothing'), /ENOENT/],
    ['beyond a file', () => at('socket/file'), /ENOTDIR/],
    ['with a zero byte', () => `${at('zero')}\0`, /null bytes/],
    ['an address of a file elsewhere', () => 'file://elsewhere.test/file', /host/],
  ])('is %s', async (_, path, got) => {
    await expect(read(path())).rejects.toMatchObject({ code: 'SOURCE', details: { got: expect.stringMatching(got) } })
  })

  it('is a file whose length the system does not state, as in /proc', async () => {
    if (process.platform !== 'linux') return
    await expect(read('/proc/self/status')).rejects.toMatchObject({ code: expect.stringMatching(/CHECKPOINT|IMAGE/) })
  })
})

it('a folder is no picture', async () => {
  await expect(model.classify(folder)).rejects.toMatchObject({ code: 'SOURCE', details: { got: 'it is a folder' } })
})

it('a file that grows while it is read is read to its end', async () => {
  const path = at('growing')
  const half = smallModel.length / 2
  await writeFile(path, smallModel.subarray(0, half))
  const reading = readNetwork(path)
  // Before its first piece is asked for.
  appendFileSync(path, smallModel.subarray(half))
  await reading
})

describe.skipIf(process.platform === 'win32')('beside a model', () => {
  it('pipes and devices are no files: the model is read without them', async () => {
    const beside = at('beside')
    await mkdir(beside)
    for (const name of ['labels.txt', 'config.json', 'class_names.txt']) pipe(`beside/${name}`)
    const { toTfjs } = await import('@mobilenetv2/weights')
    const { architecture, parameters } = model.network
    const { modelJson, shards } = toTfjs({ architecture, parameters })
    await writeFile(join(beside, 'model.json'), JSON.stringify(modelJson))
    for (const { name, bytes } of shards) await writeFile(join(beside, name), bytes)
    expect((await readNetwork(join(beside, 'model.json'))).classes.labels.length).toBe(0)
    expect((await readNetwork(beside)).classes.labels.length).toBe(0)
    for (const { name } of shards) {
      await rm(join(beside, name))
      pipe(`beside/${name}`)
    }
    await expect(readNetwork(join(beside, 'model.json'))).rejects.toMatchObject({ code: 'CHECKPOINT' })
  })
})

it('a file is closed if the signal is aborted before or while it is opened', async () => {
  await writeFile(at('opened.png'), smallPicture)
  const open = (): number => readdirSync('/proc/self/fd').length
  const before = process.platform === 'linux' ? open() : 0
  for (let time = 0; time < 20; time++) {
    const controller = new AbortController()
    if (time % 2 === 0) controller.abort()
    const reading = framesOf(at('opened.png'), { signal: controller.signal }).next()
    controller.abort()
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
  }
  if (process.platform === 'linux') await vi.waitFor(() => expect(open()).toBeLessThanOrEqual(before + 1))
})

it('a file that is there but too long is not said to be missing', async () => {
  const cwd = process.cwd()
  try {
    process.chdir(folder)
    await writeFile('bigfile', '')
    await truncate('bigfile', 1.5 * 2 ** 30)
    await expect(readNetwork('bigfile')).rejects.toMatchObject({ code: 'SOURCE', message: /too long/ })
    await expect(readNetwork('no-such-file')).rejects.toMatchObject({ code: 'SOURCE', message: /neither a model nor a file/ })
  } finally {
    process.chdir(cwd)
  }
})

describe.skipIf(process.platform === 'win32')('the command line', () => {
  const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
  const run = (command: string): string =>
    execFileSync('bash', ['-c', command], { encoding: 'utf8', env: { ...process.env, CLI: cli, MODEL: at('model.safetensors') } })

  beforeAll(() => writeSync(openSync(at('model.safetensors'), 'w'), smallModel))
  beforeAll(() => writeSync(openSync(at('picture.png'), 'w'), smallPicture))

  it.each([
    `node $CLI classify --model $MODEL --backend wasm --csv <(cat PICTURE)`,
    `cat PICTURE | node $CLI classify --model $MODEL --backend wasm --csv -`,
    `cat PICTURE | node $CLI classify --model $MODEL --backend wasm --csv /dev/stdin`,
    `node $CLI classify --model $MODEL --backend wasm --csv /dev/stdin < PICTURE`,
    `node $CLI classify --model <(cat $MODEL) --backend wasm --csv PICTURE`,
    `node $CLI classify --model $MODEL --backend wasm --labels <(echo A; echo B; echo C) --csv PICTURE`,
  ])('%s', (command) => {
    expect(run(command.replaceAll('PICTURE', at('picture.png'))).split('\n').length).toBe(5)
  })

  it.each([
    `node $CLI classify --model $MODEL --backend wasm - < /dev/zero`,
    `node $CLI classify --model $MODEL --backend wasm --labels /dev/zero x.png`,
  ])('%s: refused at the limit', (command) => {
    expect(run(`${command} 2>&1; echo "status $?"`)).toMatch(/too long[\s\S]*\nstatus 1\n$/)
  })
})
