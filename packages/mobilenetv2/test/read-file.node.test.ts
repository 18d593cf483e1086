import type * as Fs from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { readFile } from '../src/read-file.node.js'

/** What `fstat` adds to the size of a file, and which numbers of files were closed. */
const changed = vi.hoisted(() => ({ bytes: 0, closed: [] as number[] }))

vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof Fs>()
  const close = (fd: number, done: (error: Error | null) => void): void => {
    changed.closed.push(fd)
    fs.close(fd, done)
  }
  const fstat = (fd: number, done: (error: Error | null, stats?: Fs.Stats) => void): void =>
    fs.fstat(fd, (error, stats) => {
      if (stats) stats.size += changed.bytes
      done(error, stats)
    })
  return { ...fs, close, fstat }
})

const limits = { longest: 2 ** 28 }
let folder: string
let path: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mobilenetv2-read-'))
  path = join(folder, 'file')
  await writeFile(path, new Uint8Array(3 * 2 ** 20 + 5).fill(7))
})

afterAll(() => rm(folder, { recursive: true }))

it('a file of several pieces is read whole, and closed once', async () => {
  changed.closed.length = 0
  const bytes = await readFile(path, {}, limits)
  expect([bytes.length, bytes.every((byte) => byte === 7)]).toEqual([3 * 2 ** 20 + 5, true])
  await vi.waitFor(() => expect(changed.closed).toHaveLength(1))
})

it('a signal during a read closes the file once', async () => {
  for (let turn = 0; turn < 20; turn++) {
    changed.closed.length = 0
    const controller = new AbortController()
    const reading = readFile(path, { signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) }, limits)
    await expect(reading).rejects.toThrow('enough')
    await vi.waitFor(() => expect(changed.closed).toHaveLength(1))
  }
})

it('a file that becomes shorter is refused', async () => {
  changed.bytes = 10
  await expect(readFile(path, {}, limits)).rejects.toThrow('10 bytes shorter')
  changed.bytes = 0
})
