import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { shortened } from '@mobilenetv2/spec'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeFiles } from '../src/write-files.node.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mobilenetv2-write-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const at = (...names: string[]): string => join(folder, ...names)
const text = (name: string): string => readFileSync(at(name), 'utf8')

describe('a file', () => {
  it('is replaced as a whole, and keeps its permissions', async () => {
    writeFileSync(at('a'), 'old')
    chmodSync(at('a'), 0o640)
    const { ino } = statSync(at('a'))
    await writeFiles([{ path: at('a'), bytes: 'new' }])
    expect([text('a'), statSync(at('a')).mode & 0o777]).toEqual(['new', 0o640])
    expect(statSync(at('a')).ino).not.toBe(ino)
    expect(readdirSync(folder)).toEqual(['a'])
  })

  it('is found through a link, which stays', async () => {
    mkdirSync(at('there'))
    writeFileSync(at('there', 'a'), 'old')
    symlinkSync(join('there', 'a'), at('link'))
    await writeFiles([{ path: at('link'), bytes: 'new' }])
    expect([text('there/a'), lstatSync(at('link')).isSymbolicLink()]).toEqual(['new', true])
    expect(readdirSync(at('there'))).toEqual(['a'])
  })

  it('is made where links lead, if none is there', async () => {
    mkdirSync(at('there'))
    symlinkSync('there', at('folder'))
    symlinkSync('next', at('there', 'link'))
    symlinkSync(join('..', 'a'), at('there', 'next'))
    await writeFiles([{ path: at('folder', 'link'), bytes: 'new' }])
    expect([text('a'), lstatSync(at('there', 'link')).isSymbolicLink()]).toEqual(['new', true])
    expect(readdirSync(at('there')).sort()).toEqual(['link', 'next'])
  })

  it('that has another name keeps its content there', async () => {
    writeFileSync(at('a'), 'old')
    linkSync(at('a'), at('b'))
    await writeFiles([{ path: at('b'), bytes: 'new' }])
    expect([text('a'), text('b')]).toEqual(['old', 'new'])
  })

  it.each([
    ['a folder of its name', () => at('folder'), 'a folder has this name (EISDIR)'],
    ['no folder to be in', () => at('none', 'a'), 'there is no such file or folder (ENOENT)'],
    ['a file in place of its folder', () => at('file', 'a'), 'a part of the path is a file, not a folder (ENOTDIR)'],
    ['links that lead to each other', () => at('loop'), 'symbolic links lead to each other (ELOOP)'],
    ['too long a name', () => at('x'.repeat(300)), 'the name is too long (ENAMETOOLONG)'],
    ['a full device', () => '/dev/full', 'the disk is full (ENOSPC)'],
  ])('with %s is refused by name', async (_, path, got) => {
    mkdirSync(at('folder'))
    writeFileSync(at('file'), 'old')
    symlinkSync('loop', at('loop'))
    await expect(writeFiles([{ path: path(), bytes: 'new' }])).rejects.toMatchObject({
      code: 'SOURCE',
      details: { where: shortened(path()), got },
    })
    expect(readdirSync(folder).sort()).toEqual(['file', 'folder', 'loop'])
  })

  it('of the longest name is written', async () => {
    const name = 'x'.repeat(255)
    await writeFiles([{ path: at(name), bytes: 'new' }])
    expect(text(name)).toBe('new')
  })

  it('may be a device or a pipe', async () => {
    await writeFiles([{ path: '/dev/null', bytes: 'new' }])
    execFileSync('sh', ['-c', 'mkfifo "$0"', at('pipe')])
    const read = import('node:fs/promises').then(({ readFile }) => readFile(at('pipe'), 'utf8'))
    await writeFiles([{ path: at('pipe'), bytes: 'new' }])
    expect(await read).toBe('new')
  })
})

describe('several files', () => {
  const files = (): { path: string; bytes: string }[] =>
    ['index', 'part 1', 'part 2'].map((name) => ({ path: at(name), bytes: name }))

  it('are all written', async () => {
    await writeFiles(files())
    expect(readdirSync(folder).sort()).toEqual(['index', 'part 1', 'part 2'])
  })

  it('are all left as they were if one cannot be written', async () => {
    writeFileSync(at('index'), 'old')
    writeFileSync(at('part 1'), 'old')
    mkdirSync(at('part 2'))
    await expect(writeFiles(files())).rejects.toMatchObject({ details: { where: at('part 2') } })
    expect([text('index'), text('part 1')]).toEqual(['old', 'old'])
    expect(readdirSync(folder).sort()).toEqual(['index', 'part 1', 'part 2'])
  })

  it('are not written to one place, by whatever name', async () => {
    symlinkSync('part 1', at('link'))
    for (const path of [at('part 1'), `${folder}/./part 1`, at('link')]) {
      await expect(writeFiles([{ path, bytes: 'new' }, ...files()])).rejects.toMatchObject({
        code: 'SOURCE',
        details: { where: at('part 1'), got: expect.stringContaining('two of the files') },
      })
      expect(readdirSync(folder)).toEqual(['link'])
    }
  })

  it('are not written to one device', async () => {
    await expect(writeFiles([{ path: '/dev/null', bytes: '' }, ...files()])).rejects.toMatchObject({
      details: { where: '/dev/null' },
    })
    expect(readdirSync(folder)).toEqual([])
  })
})
