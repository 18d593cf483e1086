import { chmod, mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  type EmbeddedPicture,
  type PictureIndex,
  type PictureRow,
  type PictureToEmbed,
  planUpdate,
  updateIndex,
} from '../src/index.js'

/** The part of an index that an update uses, in memory. */
function memoryIndex(): { readonly index: PictureIndex; readonly rows: Map<string, PictureRow> } {
  const rows = new Map<string, PictureRow>()
  const index: Partial<PictureIndex> = {
    merge: async (merged) => {
      for (const row of merged) rows.set(row.path, row)
    },
    remove: async (paths) => {
      for (const path of paths) rows.delete(path)
    },
    rows: async (paths) => paths.flatMap((path) => rows.get(path) ?? []).filter((row) => 'embedding' in row),
    files: async () =>
      new Map(
        Array.from(rows, ([path, row]) => [
          path,
          { size: row.size, modified: row.modified, hash: row.hash, problem: 'problem' in row ? row.problem : null },
        ]),
      ),
    tidy: async () => {},
  }
  return { index: index as PictureIndex, rows }
}

let folder: string
let files: string[]
let embedded: string[]
let { index, rows } = memoryIndex()

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mobilenetv2-index-'))
  files = ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => join(folder, name))
  for (const file of files) await writeFile(file, `content of ${file}`)
  embedded = []
  ;({ index, rows } = memoryIndex())
})

afterEach(() => rm(folder, { recursive: true }))

async function embed({ path, bytes }: PictureToEmbed): Promise<EmbeddedPicture> {
  embedded.push(path)
  if (String(bytes).includes('no picture')) {
    throw new MobileNetV2Error('IMAGE', 'A picture cannot be decoded.', { where: '(bytes)', got: 'text' })
  }
  return { embedding: Float32Array.of(bytes.length, 1), label: 'cat', confidence: 0.75 }
}

const update = async (paths = files, folders = [folder], embedding = embed) =>
  updateIndex(index, await planUpdate(index, paths, folders), { embed: embedding })

it('embeds new pictures once', async () => {
  expect(await update()).toEqual({
    added: 3,
    changed: 0,
    reused: 0,
    unchanged: 0,
    removed: 0,
    unreadable: [],
    stillUnreadable: 0,
    failed: [],
  })
  expect(rows.get(files[0]!)).toMatchObject({ label: 'cat', confidence: 0.75, hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(await update()).toMatchObject({ added: 0, changed: 0, unchanged: 3 })
  expect(embedded.toSorted()).toEqual(files)
})

it('embeds a changed picture anew, but not one that was only touched', async () => {
  await update()
  await writeFile(files[0]!, 'another content')
  await utimes(files[1]!, 1, 1)
  expect(await update()).toMatchObject({ added: 0, changed: 2, reused: 1, unchanged: 1 })
  expect(embedded.slice(3)).toEqual([files[0]])
  expect(rows.get(files[1]!)).toMatchObject({ modified: 1000 })
})

it('keeps the embedding of a picture that was moved', async () => {
  await update()
  await mkdir(join(folder, 'below'))
  const moved = join(folder, 'below', 'moved.jpg')
  await rename(files[0]!, moved)
  expect(await update([moved, ...files.slice(1)])).toMatchObject({ added: 1, reused: 1, unchanged: 2, removed: 1 })
  expect(embedded).toHaveLength(3)
  expect([...rows.keys()].toSorted()).toEqual([files[1], moved, files[2]])
})

it('removes only pictures that are gone, in the folders that were searched', async () => {
  await update()
  rows.set('/elsewhere/d.jpg', { ...rows.get(files[0]!)!, path: '/elsewhere/d.jpg' })
  await rm(files[0]!)
  // The search did not give the second file, but the file is there.
  expect(await update([files[2]!])).toMatchObject({ unchanged: 1, removed: 1 })
  expect([...rows.keys()]).toEqual([files[1], files[2], '/elsewhere/d.jpg'])
})

it('lists an unreadable picture once, until its file changes', async () => {
  await writeFile(files[1]!, 'no picture')
  const problem = 'A picture cannot be decoded. It is text.'
  expect(await update()).toMatchObject({ added: 3, unreadable: [{ path: files[1], problem }], stillUnreadable: 0 })
  expect(rows.get(files[1]!)).toMatchObject({ problem })
  expect(await update()).toMatchObject({ unreadable: [], unchanged: 3, stillUnreadable: 1 })
  await writeFile(files[1]!, 'a picture')
  expect(await update()).toMatchObject({ changed: 1, stillUnreadable: 0 })
  expect(rows.get(files[1]!)).not.toHaveProperty('problem')
})

it('tries a picture again that failed for a reason outside of it', async () => {
  const failing = async (picture: PictureToEmbed): Promise<EmbeddedPicture> => {
    if (picture.path === files[1]) throw new Error('The worker ended.')
    return embed(picture)
  }
  expect(await update(files, [folder], failing)).toMatchObject({
    added: 2,
    failed: [{ path: files[1], problem: 'The worker ended.' }],
  })
  expect(await update()).toMatchObject({ added: 1, unchanged: 2, failed: [] })
})

it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
  'reports a file that may not be read, and tries it again',
  async () => {
    await chmod(files[0]!, 0)
    expect(await update()).toMatchObject({ added: 2, failed: [{ path: files[0], problem: expect.stringContaining('permission') }] })
    await chmod(files[0]!, 0o600)
    expect(await update()).toMatchObject({ added: 1, failed: [] })
  },
)

it('keeps what was stored before the disk was full, and goes on there', async () => {
  const many = Array.from({ length: 600 }, (_, number) => join(folder, `${number}.png`))
  for (const file of many) await writeFile(file, file)
  const { merge } = index
  let merges = 0
  const full: PictureIndex = {
    ...index,
    merge: async (merged) => {
      merges += 1
      if (merges === 2) throw new MobileNetV2Error('SOURCE', 'The index cannot be written.', { got: 'the disk is full' })
      await merge(merged)
    },
  }
  const plan = await planUpdate(full, many)
  await expect(updateIndex(full, plan, { embed })).rejects.toMatchObject({ code: 'SOURCE' })
  const kept = rows.size
  expect(kept).toBeGreaterThan(0)
  expect(kept).toBeLessThan(many.length)
  expect(await update(many)).toMatchObject({ added: many.length - kept, unchanged: kept })
  expect(rows.size).toBe(many.length)
})
