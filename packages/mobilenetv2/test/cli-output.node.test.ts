import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cli, run, runWith, shell } from './run-cli.js'
import { tinyModel } from './tiny-model.js'

let folder: string
/** A picture whose name has line breaks and an escape sequence. */
let odd: string
/** A model with labels that a stranger could have chosen. */
let model: string
const labels = ['=cmd|calc!A1', 'c d', '"e", f'] as const
const oddName = 'a\n  what to do: b\x1b[2J.png'
const oddShown = 'a\\u000a  what to do: b\\u001b[2J.png'

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mobilenetv2-output-'))
  odd = join(folder, oddName)
  await sharp({ create: { width: 40, height: 30, channels: 3, background: 'orange' } })
    .png()
    .toFile(join(folder, 'orange.png'))
  await copyFile(join(folder, 'orange.png'), odd)
  model = join(folder, 'model.safetensors')
  await writeFile(model, tinyModel(labels))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('an output that cannot be written', () => {
  it('is reported in one sentence', async () => {
    const full = 'The output cannot be written to the standard output: the disk is full (ENOSPC).\n'
    expect(await shell('mobilenetv2 models > /dev/full')).toEqual({ status: 1, stdout: '', stderr: full })
    expect(
      await shell('mobilenetv2 classify --jobs 2 --model "$1" "$2" "$2" > /dev/full', model, join(folder, 'orange.png')),
    ).toEqual({ status: 1, stdout: '', stderr: full })
  })

  it('is no error if its reader has closed the pipe', async () => {
    expect(await shell('set -o pipefail; mobilenetv2 models --format json | head -c 1')).toEqual({
      status: 0,
      stdout: '[',
      stderr: '',
    })
  })

  it('changes no exit status if it is the output for errors', async () => {
    for (const script of ['2> /dev/full', '2>&-', '2>&1 > /dev/null | true; exit $PIPESTATUS'])
      expect(await shell(`mobilenetv2 inspect "$1" ${script}`, join(folder, 'none')), script).toEqual({
        status: 1,
        stdout: '',
        stderr: '',
      })
  })
})

describe('text that others wrote', () => {
  const classify = (...flags: string[]): ReturnType<typeof run> =>
    run('classify', '--model', model, ...flags, odd, join(folder, `none ${oddName}`))

  it('is escaped for people', async () => {
    const { status, stdout, stderr } = await classify('--jobs', '2')
    expect(status).toBe(1)
    expect(stdout.split('\n')[0]).toBe(join(folder, oddShown))
    expect(stderr).toContain(`where: ${join(folder, `none ${oddShown}`)}\n`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(stdout + stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\u2028-\u202e]/)
  })

  it('is the same in JSON', async () => {
    const { stdout } = await classify('--json')
    const { file, top } = JSON.parse(stdout)
    expect(file).toBe(odd)
    expect(top.map(({ label }: { label: string }) => label).sort()).toEqual([...labels].sort())
    expect(stdout).not.toMatch(/[\u2028-\u202e]/)
  })

  it('starts no formula in CSV', async () => {
    const { stdout } = await classify('--csv')
    const file = `"${join(folder, 'a\n  what to do: b\\u001b[2J.png')}"`
    const answers = stdout.split(file).slice(1)
    expect(answers.map((answer) => answer.replace(/^,\d,\d,(.*),[\d.e-]+\n$/, '$1')).sort()).toEqual(
      ["'=cmd|calc!A1", 'c d', '"""e"", f"'].sort(),
    )
  })

  it('is escaped where arguments are refused', async () => {
    const { status, stderr } = await run('inspect', '--a\x1b[2J\nb')
    expect([status, stderr]).toEqual([1, "error: unknown option '--a\\u001b[2J\\u000ab'\n"])
  })
})

it('an error of a picture is the same in one job and in several', async () => {
  const missing = ['a', 'b'].map((name) => join(folder, 'none'.repeat(40), name))
  const [one, two] = await Promise.all(['1', '2'].map((jobs) => run('classify', '--model', model, '--jobs', jobs, odd, ...missing)))
  expect(two).toMatchObject({ status: 1, stderr: expect.stringContaining('where: ') })
  expect(two?.stderr).toBe(one?.stderr)
})

describe('Ctrl-C', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends the process in good order (%s)', async (signal, status) => {
    const server = createServer(() => child.kill(signal)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model`
    const child = spawn(process.execPath, [cli, 'convert', url, join(folder, 'model.onnx')])
    const stderr = once(child.stderr, 'data').then(String)
    const [code] = await once(child, 'exit')
    server.closeAllConnections()
    server.close()
    expect(code).toBe(status)
    expect(await Promise.race([stderr, ''])).toBe('')
    expect(await readdir(folder)).not.toContainEqual(expect.stringContaining('model.onnx'))
  })
})

describe('a limit of the system', () => {
  it('on open files gives an error that says what would help', async () => {
    const { status, stdout, stderr } = await shell('ulimit -n 32; mobilenetv2 models')
    // Node 20 opens all modules at once. Newer versions get by with so few files.
    if (status === 0) return expect([stdout.length > 0, stderr]).toEqual([true, ''])
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^mobilenetv2 cannot be started: [^\n]*\n {2}what to do: [^\n]*ulimit -n/)
    expect(stderr).not.toContain('    at ')
  })

  it('on the length of a file leaves the source of convert as it was', async () => {
    const link = join(folder, 'link.safetensors')
    await symlink('model.safetensors', link)
    const names = await readdir(folder)
    for (const out of [model, link, join(folder, '.', 'model.json')]) {
      const outcome = await shell('ulimit -f 1; mobilenetv2 convert "$1" "$2"', model, out)
      expect(outcome).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringContaining('larger than the system allows (EFBIG)'),
      })
      expect(await readFile(model)).toEqual(tinyModel(labels))
      expect(await readdir(folder)).toEqual(names)
    }
    const { status, stdout } = await run('convert', model, link)
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^\S+link\.safetensors {2}[\d,]+ bytes\n$/)])
    expect((await run('inspect', model)).status).toBe(0)
  })
})

it('OUT may be the standard output, and then nothing else is written there', async () => {
  const { status, stdout, stderr } = await shell('mobilenetv2 convert "$1" /dev/stdout --to safetensors | cat', model)
  expect([status, stdout]).toEqual([0, expect.stringContaining('__metadata__')])
  expect(stdout).not.toContain('/dev/stdout')
  expect(stderr).toMatch(/^\/dev\/stdout {2}[\d,]+ bytes\n$/)
})

describe('a folder', () => {
  it('with names that lead nowhere still gives its pictures', async () => {
    const pictures = join(folder, 'pictures')
    await mkdir(pictures)
    await copyFile(join(folder, 'orange.png'), join(pictures, '-x.png'))
    await symlink('none', join(pictures, 'nowhere.jpg'))
    await writeFile(Buffer.concat([Buffer.from(`${pictures}/`), Buffer.from([0xff]), Buffer.from('.jpg')]), '')
    const { status, stdout, stderr } = await run('embed', '--csv', '--model', model, pictures)
    expect([status, stdout.split(',')[0]]).toEqual([1, join(pictures, '-x.png')])
    expect(stdout.trim().split('\n').length).toBe(1)
    expect(stderr).toMatch(/nowhere\.jpg/)
    expect(stderr).toMatch(/The name of a file is not in UTF-8\.\n {2}where: .*\ufffd\.jpg/)
  })

  it('without pictures is refused before a model is read', async () => {
    await mkdir(join(folder, 'empty'))
    expect(await run('classify', join(folder, 'empty'), '--model', 'none')).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^A folder has no pictures\.\n {2}where: .*empty\n/),
    })
  })
})

it('a cache that cannot be read is named, and the models are listed', async () => {
  await symlink('loop', join(folder, 'loop'))
  const circumstances = { environment: { MOBILENETV2_CACHE: join(folder, 'loop') } }
  expect(await runWith(circumstances, 'models')).toEqual({
    status: 1,
    stdout: expect.stringContaining('imagenet-1.0-224'),
    stderr: expect.stringMatching(/^The cache of models cannot be read\.[\s\S]*\(ELOOP\)/),
  })
  const { status, stdout } = await runWith(circumstances, 'doctor')
  expect([status, stdout]).toEqual([
    0,
    expect.stringMatching(/-- {2}cache +\S*loop\S*: symbolic links lead to each other \(ELOOP\)\n/),
  ])
})
