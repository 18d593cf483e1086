import { copyFile, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { run } from './run-cli.js'
import { smallModel } from './small-files.js'

let folder: string
let photos: string
let model: string
let to: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mobilenetv2-sort-'))
  photos = join(folder, 'photos')
  model = join(folder, 'small.safetensors')
  to = join(folder, 'sorted')
  await mkdir(join(photos, 'below'), { recursive: true })
  await writeFile(model, smallModel)
  for (const name of ['a.png', 'below/a.png']) {
    const background = name === 'a.png' ? 'orange' : 'navy'
    await sharp({ create: { width: 40, height: 30, channels: 3, background } }).toFile(join(photos, name))
    await utimes(join(photos, name), 1000, 1000)
  }
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const sort = (...flags: string[]): ReturnType<typeof run> =>
  run('sort', photos, '--to', to, '--model', model, '--min', '0', ...flags)

interface Line {
  readonly file: string
  readonly label: string
  readonly confidence: number
  readonly to: string
}

async function plan(): Promise<Line[]> {
  const { stdout } = await sort('--json')
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

it('says what it would do, and writes nothing', async () => {
  const { status, stdout } = await sort()
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^ +\d {2}(Cat|Dog|Emu)$/m) })
  expect(stdout).toContain('Nothing was written. With --write 2 pictures are copied')
  const lines = await plan()
  expect(lines.map(({ file }) => file)).toEqual([join(photos, 'a.png'), join(photos, 'below/a.png')])
  expect((await sort('--csv')).stdout).toMatch(/^file,label,confidence,to\n/)
  expect(await isThere(to)).toBe(false)
})

it('leaves out what it is not sure about', async () => {
  const { stdout } = await run('sort', photos, '--to', to, '--model', model, '--min', '1.01')
  expect(stdout).toContain('2 pictures stay out')
})

it('copies pictures with their times, once, and overwrites no file', async () => {
  const [first, second] = (await plan()) as [Line, Line]
  await mkdir(join(to, first.label), { recursive: true })
  await writeFile(join(to, first.label, 'a.png'), 'this is another file')
  const { status, stdout } = await sort('--write')
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('2 pictures were copied') })
  expect(String(await readFile(join(to, first.label, 'a.png')))).toBe('this is another file')
  const written = join(to, first.label, 'a (2).png')
  expect(await readFile(written)).toEqual(await readFile(first.file))
  expect((await stat(written)).mtimeMs).toBe(1_000_000)
  expect((await sort('--write')).stdout).toContain('0 pictures were copied')
  const count = async (label: string): Promise<number> => (await readdir(join(to, label))).length
  const labels = new Set([first.label, second.label])
  expect((await Promise.all([...labels].map(count))).reduce((sum, each) => sum + each)).toBe(3)
  expect(await isThere(first.file)).toBe(true)
  await rm(to, { recursive: true })
})

it.skipIf(process.platform === 'win32')('links pictures, once', async () => {
  const [{ to: link, file }] = (await plan()) as [Line]
  expect((await sort('--link', '--write')).stdout).toContain('2 pictures were linked')
  expect(await readlink(link)).toBe(file)
  expect((await sort('--link', '--write')).stdout).toContain('0 pictures were linked into')
  await rm(to, { recursive: true })
})

it('writes a page with small pictures', async () => {
  const page = join(folder, 'sorted.html')
  await copyFile(join(photos, 'a.png'), join(photos, 'b<i>.png'))
  await sort('--html', page)
  const html = String(await readFile(page))
  expect(html.match(/<img src="data:image\/jpeg;base64,/g)).toHaveLength(3)
  expect(html).toContain('b&lt;i&gt;.png')
  await rm(join(photos, 'b<i>.png'))
})
