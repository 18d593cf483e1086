import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createIndex, openIndex, type PictureRow } from '../src/index.js'
import { worthAnIndex } from '../src/tidy.js'
import { smallNetwork } from './network.js'

const channels = 16
const network = smallNetwork()

/** A row whose embedding has an angle to the first axis, in degrees. */
function row(path: string, degrees: number, label: string | null = null): PictureRow {
  const embedding = new Float32Array(channels)
  embedding[0] = 3 * Math.cos((degrees * Math.PI) / 180)
  embedding[1] = 3 * Math.sin((degrees * Math.PI) / 180)
  return { path, size: 7, modified: 1000, hash: `hash of ${path}`, embedding, label, confidence: label === null ? null : 0.5 }
}

const unreadable: PictureRow = { path: 'text.jpg', size: 4, modified: 1000, hash: 'hash', problem: 'A picture cannot be decoded.' }
const north = (row('', 0) as { embedding: Float32Array }).embedding

const isThere = process.env.MOBILENETV2_LANCEDB !== undefined

it.skipIf(isThere)('says what to install if LanceDB is not there', async () => {
  await expect(openIndex('photos.lance')).rejects.toMatchObject({
    code: 'BACKEND',
    message: expect.stringContaining('npm install @lancedb/lancedb'),
  })
})

describe.skipIf(!isThere)('an index in LanceDB (left out: npm run test:index installs it and runs this)', () => {
  let folder: string
  let place: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mobilenetv2-lancedb-'))
    place = join(folder, 'photos.lance')
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('is made once, and names its model', async () => {
    await expect(openIndex(place)).rejects.toMatchObject({ code: 'SOURCE' })
    const made = await createIndex(place, network)
    await made.merge([row('a', 0)])
    made.close()
    const index = await createIndex(place, network)
    expect(await index.count()).toBe(1)
    expect(index.model).toMatchObject({ file: 'small.safetensors', channels, input: [32, 32] })
    index.close()
  })

  it('refuses another model, and another recipe', async () => {
    const made = await createIndex(place, network)
    made.close()
    const refusal = { code: 'OPTION', message: expect.stringContaining('make a new index with this one') }
    await expect(openIndex(place, smallNetwork({ headChannels: 24 }))).rejects.toMatchObject(refusal)
    const otherRecipe = { ...network, preprocessing: { ...network.preprocessing, interpolation: 'bicubic' as const } }
    await expect(createIndex(place, otherRecipe)).rejects.toMatchObject(refusal)
  })

  it('replaces the row of a path, and keeps embeddings of length 1', async () => {
    const index = await createIndex(place, network)
    await index.merge([row('a', 0), row('b', 30), unreadable])
    await index.merge([row('b', 60, 'cat'), row('c', 90)])
    expect(await index.count()).toBe(4)
    const [found] = await index.rows(['b', 'text.jpg', 'nowhere'])
    expect(found).toMatchObject({ path: 'b', size: 7, modified: 1000, hash: 'hash of b', label: 'cat', confidence: 0.5 })
    expect(Math.hypot(...found!.embedding)).toBeCloseTo(1, 6)
    expect((await index.files()).get('text.jpg')).toEqual({
      size: 4,
      modified: 1000,
      hash: 'hash',
      problem: 'A picture cannot be decoded.',
    })
    await index.remove(['a', 'nowhere'])
    expect([...(await index.files()).keys()].toSorted()).toEqual(['b', 'c', 'text.jpg'])
    index.close()
  })

  it('stores no row if one of them cannot be stored', async () => {
    const index = await createIndex(place, network)
    const short = { ...row('b', 0), embedding: new Float32Array(3) }
    await expect(index.merge([row('a', 0), short])).rejects.toMatchObject({ code: 'INPUT' })
    await expect(index.merge([row('a', 0), row('a', 1)])).rejects.toMatchObject({ code: 'INPUT' })
    expect(await index.count()).toBe(0)
    index.close()
  })

  it('finds the nearest pictures, with patterns for paths and labels', async () => {
    const index = await createIndex(place, network)
    await index.merge([
      row('/p/50%_a.jpg', 10, 'Scotch terrier'),
      row('/p/b.jpg', 5, "jack-o'-lantern"),
      row('/q/c.png', 40, 'terrier'),
      unreadable,
    ])
    const paths = async (options: Parameters<typeof index.nearest>[1]): Promise<string[]> =>
      (await index.nearest(north, options)).map(({ path }) => path)
    expect(await index.nearest(north, { count: 1 })).toEqual([
      { path: '/p/b.jpg', label: "jack-o'-lantern", confidence: 0.5, similarity: expect.closeTo(Math.cos((5 * Math.PI) / 180), 5) },
    ])
    expect(await paths({})).toEqual(['/p/b.jpg', '/p/50%_a.jpg', '/q/c.png'])
    expect(await paths({ label: '*terrier' })).toEqual(['/p/50%_a.jpg', '/q/c.png'])
    expect(await paths({ label: "jack-o'-lantern" })).toEqual(['/p/b.jpg'])
    expect(await paths({ path: '/p/50%_*' })).toEqual(['/p/50%_a.jpg'])
    expect(await paths({ path: '/p/_*' })).toEqual([])
    expect((await index.pictures({ path: '*.png' })).map(({ path }) => path)).toEqual(['/q/c.png'])
    await expect(index.nearest(new Float32Array(3))).rejects.toMatchObject({ code: 'INPUT' })
    await expect(index.nearest(north, { count: 0 })).rejects.toMatchObject({ code: 'OPTION' })
    index.close()
  })

  it('finds near-duplicates', async () => {
    const index = await createIndex(place, network)
    await index.merge([row('a', 0), row('b', 5), row('c', 45), row('d', 90), row('e', 91), unreadable])
    const groups = await index.duplicates({ similarity: 0.99 })
    expect(groups.map(({ pictures }) => pictures.map(({ path }) => path))).toEqual([
      ['a', 'b'],
      ['d', 'e'],
    ])
    await expect(index.duplicates({ similarity: 2 })).rejects.toMatchObject({ code: 'OPTION' })
    index.close()
  })

  it('has an approximate index from the size where it pays, and rows that came later are found too', async () => {
    const index = await createIndex(place, network)
    for (let from = 0; from < worthAnIndex; from += 5000)
      await index.merge(Array.from({ length: 5000 }, (_, number) => row(`${from + number}`, (90 * (from + number)) / worthAnIndex)))
    const bytesOf = (name: string): number =>
      readdirSync(join(place, name))
        .map((file) => statSync(join(place, name, file)).size)
        .reduce((sum, size) => sum + size, 0)
    const before = bytesOf('data')
    await index.tidy()
    // The old files are gone.
    expect(bytesOf('data')).toBeLessThan(1.2 * before)
    await index.merge([row('later', 44.999)])
    const query = (row('', 45) as { embedding: Float32Array }).embedding
    expect((await index.nearest(query, { count: 1 }))[0]).toMatchObject({ similarity: expect.closeTo(1, 6) })
    // One bit of each channel tells vectors so close to each other apart only by chance.
    for (const { similarity } of await index.nearest(query)) expect(similarity).toBeGreaterThan(0.999)
    expect(await index.nearest(query, { exact: true })).toHaveLength(10)
    // 1230 to 1239; 123 is far from them.
    const step = Math.cos((Math.PI / 180) * (90 / worthAnIndex))
    const [group, ...others] = await index.duplicates({ similarity: step - 1e-6, path: '123*' })
    expect([group?.pictures.length, others.length]).toEqual([10, 0])
    index.close()
  })

  /** The network without its weights, which fits into an argument of a program. */
  const weightless = { ...network, parameters: new Map() }

  /** A program that stores rows in batches, and writes a line after each. */
  const program = `
    const { createIndex } = await import(process.argv[1])
    const { network, place, from } = JSON.parse(process.argv[2])
    const index = await createIndex(place, { ...network, parameters: new Map() })
    for (let batch = 0; batch < 20; batch++) {
      await index.merge(Array.from({ length: 50 }, (_, number) => ({
        path: String(from + 50 * batch + number), size: 1, modified: 1, hash: 'hash', embedding: new Float32Array(${channels}).fill(1), label: null, confidence: null,
      })))
      console.log(batch)
    }
  `
  const start = (from: number): ReturnType<typeof spawn> => {
    const data = JSON.stringify({ network: weightless, place, from })
    const built = new URL('../dist/index.js', import.meta.url).href
    return spawn(process.execPath, ['--input-type=module', '-e', program, built, data], { stdio: ['ignore', 'pipe', 'inherit'] })
  }

  it('has every stored batch once, whole, after a program was killed in the middle', async () => {
    const child = start(0)
    let told = 0
    for await (const chunk of child.stdout!) {
      told += String(chunk).trim().split('\n').length
      if (told >= 5 && !child.killed) child.kill('SIGKILL')
    }
    const index = await createIndex(place, weightless)
    const count = await index.count()
    expect(count).toBeGreaterThanOrEqual(50 * told)
    expect(count % 50).toBe(0)
    index.close()
    const again = start(0)
    again.stdout!.resume()
    expect(await once(again, 'exit')).toEqual([0, null])
    const after = await createIndex(place, weightless)
    expect([await after.count(), (await after.files()).size]).toEqual([1000, 1000])
    after.close()
  })

  it('has each picture once if two programs store the same ones at the same time', async () => {
    const index = await createIndex(place, weightless)
    const both = [start(0), start(500)]
    for (const child of both) child.stdout!.resume()
    await Promise.all(both.map((child) => once(child, 'exit')))
    expect([await index.count(), (await index.files()).size]).toEqual([1500, 1500])
    index.close()
  })

  const canMount = process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('mount', ['--version']).status === 0
  const noMount = canMount ? '' : ' [left out: only root can mount a small disk]'
  it.skipIf(!canMount)(`says that a disk is full, keeps what was stored, and goes on when there is room${noMount}`, async () => {
    const disk = join(folder, 'disk')
    await mkdir(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk])
    try {
      const index = await createIndex(join(disk, 'photos.lance'), network)
      const rows = (batch: number): PictureRow[] =>
        Array.from({ length: 1000 }, (_, number) => row(`${batch}-${number}`, number / 20))
      let stored = 0
      const fill = async (): Promise<void> => {
        for (; ; stored++) await index.merge(rows(stored))
      }
      await expect(fill()).rejects.toMatchObject({ code: 'SOURCE', message: expect.stringContaining('the disk is full') })
      expect(stored).toBeGreaterThan(0)
      expect(await index.count()).toBe(1000 * stored)
      execFileSync('mount', ['-o', 'remount,size=64m', disk])
      await index.merge(rows(stored))
      expect([await index.count(), (await index.files()).size]).toEqual([1000 * (stored + 1), 1000 * (stored + 1)])
      index.close()
    } finally {
      execFileSync('umount', [disk])
    }
  })
})
