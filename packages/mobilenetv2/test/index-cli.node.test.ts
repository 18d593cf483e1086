import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Outcome, run } from './run-cli.js'
import { smallModel } from './small-files.js'
import { tinyModel } from './tiny-model.js'

const isThere = process.env.MOBILENETV2_LANCEDB !== undefined

let folder: string
let photos: string
let model: string
let index: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mobilenetv2-index-cli-'))
  photos = join(folder, 'photos')
  model = join(folder, 'small.safetensors')
  index = join(folder, 'photos.lance')
  await mkdir(photos)
  await writeFile(model, smallModel)
  const noise = await sharp({
    create: { width: 64, height: 48, channels: 3, background: 'teal', noise: { type: 'gaussian', mean: 128, sigma: 60 } },
  })
    .png()
    .toBuffer()
  await sharp(noise).toFile(join(photos, 'noise.png'))
  await sharp(noise).jpeg({ quality: 90 }).toFile(join(photos, 'noise.jpg'))
  await sharp({ create: { width: 64, height: 48, channels: 3, background: 'orange' } }).toFile(join(photos, 'orange.png'))
  await writeFile(join(photos, 'text.jpg'), 'This is no picture.')
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const update = (...flags: string[]): Promise<Outcome> => run('index', photos, '--to', index, '--model', model, ...flags)

it.skipIf(isThere)('says what to install if LanceDB is not there', async () => {
  expect(await update()).toEqual({ status: 1, stdout: '', stderr: expect.stringContaining('npm install @lancedb/lancedb') })
})

it('refuses addresses, and integers', async () => {
  expect(await run('index', 'https://localhost/a.jpg', '--to', index, '--model', model)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('paths of files or folders'),
  })
  expect(await update('--precision', 'int8')).toMatchObject({ status: 1, stderr: expect.stringContaining('cannot be compared') })
})

describe.skipIf(!isThere)('with LanceDB (left out: npm run test:index installs it and runs this)', () => {
  it('indexes a folder, lists what is unreadable once, and embeds nothing twice', async () => {
    const { status, stdout, stderr } = await update()
    expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining(': 3 pictures\n  4 added, 0 changed') })
    expect(stderr).toContain(`${join(photos, 'text.jpg')}: `)
    const again = await update('--json')
    expect(again).toMatchObject({ status: 0, stderr: '' })
    expect(JSON.parse(again.stdout)).toEqual({
      index,
      pictures: 4,
      added: 0,
      changed: 0,
      reused: 0,
      unchanged: 4,
      removed: 0,
      unreadable: [],
      stillUnreadable: 1,
      failed: [],
    })
  })

  it('stores the answer of classify', async () => {
    const classified = await run('classify', '--json', '--top', '1', '--model', model, join(photos, 'noise.png'))
    const [{ label, probability }] = JSON.parse(classified.stdout).top
    const { stdout } = await run('similar', join(photos, 'noise.png'), '--index', index, '--top', '1', '--json')
    expect(JSON.parse(stdout)).toEqual({
      file: join(photos, 'noise.png'),
      similarity: expect.closeTo(1, 4),
      label,
      confidence: expect.closeTo(probability, 5),
    })
  })

  it('finds similar pictures with the model that the index names, as text, CSV and a page', async () => {
    const page = join(folder, 'similar.html')
    const found = await run('similar', join(photos, 'noise.jpg'), '--index', index, '--html', page)
    expect(found.stdout.split('\n')[0]).toMatch(/^1\.000 {2}.*noise\.jpg/)
    expect(found.stdout.trim().split('\n')).toHaveLength(3)
    expect(String(await readFile(page)).match(/<img /g)).toHaveLength(3)
    const filtered = await run('similar', join(photos, 'noise.jpg'), '--index', index, '--path', '*orange*', '--csv')
    expect(filtered.stdout).toMatch(/^file,similarity,label,confidence\n.*orange\.png,[^\n]*\n$/)
  })

  it('refuses another model, and says what to do', async () => {
    const other = join(folder, 'tiny.safetensors')
    await writeFile(other, tinyModel(['a', 'b', 'c']))
    const refused = { status: 1, stderr: expect.stringContaining('Give the model with which the index was made') }
    expect(await run('similar', join(photos, 'noise.jpg'), '--index', index, '--model', other)).toMatchObject(refused)
    expect(await run('index', photos, '--to', index, '--model', other)).toMatchObject(refused)
  })

  it('lists near-duplicates, as text, JSON lines, CSV and a page', async () => {
    await copyFile(join(photos, 'orange.png'), join(photos, 'copy.png'))
    expect((await update()).stdout).toContain('1 added')
    const page = join(folder, 'duplicates.html')
    const { stdout } = await run('duplicates', index, '--similarity', '0.9999', '--json', '--html', page)
    const groups = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(groups).toContainEqual({
      files: [join(photos, 'copy.png'), join(photos, 'orange.png')],
      pairs: [{ paths: [join(photos, 'copy.png'), join(photos, 'orange.png')], similarity: expect.closeTo(1, 5) }],
    })
    expect(String(await readFile(page))).toContain('Group 1')
    expect((await run('duplicates', index, '--csv')).stdout).toMatch(/^group,file,similarity\n1,/)
    expect((await run('duplicates', index, '--path', '*orange*')).stderr).toContain('0 near-duplicates in 0 groups')
  })

  it('sorts by the labels of the index, and names what has none', async () => {
    await copyFile(join(photos, 'orange.png'), join(photos, 'later.png'))
    const { status, stdout, stderr } = await run(
      'sort',
      photos,
      '--index',
      index,
      '--to',
      join(folder, 'sorted'),
      '--min',
      '0',
      '--csv',
      '--model',
      model,
    )
    expect(status).toBe(1)
    expect(stdout.trim().split('\n')).toHaveLength(1 + 4)
    expect(stderr).toContain('2 of the pictures have no label in the index')
  })

  it('removes pictures that are gone, but none of a folder in which no picture is found', async () => {
    await rm(join(photos, 'copy.png'))
    await rm(join(photos, 'later.png'))
    expect((await update()).stdout).toContain('1 removed')
    const aside = join(folder, 'aside')
    await mkdir(aside)
    expect(await run('index', aside, '--to', index, '--model', model)).toMatchObject({ status: 1, stdout: '' })
    expect((await update()).stdout).toContain('0 removed')
  })
})
