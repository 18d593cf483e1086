import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { homedir, hostname } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FileEntry } from '../src/entry.js'
import { fetchModelFile, openModelFile } from '../src/model-file.js'
import { cacheFolder } from '../src/store/file-store.js'
import { cache, good, start } from './download-setup.js'
import { sendPart, serve } from './fault-server.js'
import { content, hash, shortPatience, testEntry } from './test-entry.js'

beforeEach(() => {
  vi.stubEnv('MOBILENETV2_CACHE', cache)
  vi.stubEnv('MOBILENETV2_MODELS', '')
})
afterEach(() => vi.unstubAllEnvs())

/** A process that downloads the entry into the cache of the environment. */
function download(entry: FileEntry): ChildProcess {
  const module = pathToFileURL(join(import.meta.dirname, '../dist/model-file.js')).href
  const program = `import { fetchModelFile } from '${module}'\nawait fetchModelFile(${JSON.stringify(entry)}, {})`
  return spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'inherit' })
}

describe('kill -9 in the middle of a download', () => {
  it('leaves a cache that has no file, and goes on from there', async () => {
    const server = await start((request, response, nth) =>
      nth === 1 ? sendPart(content, response, 200_000) : serve(content, request, response),
    )
    const child = download(testEntry([server.url]))
    const written = (): number[] =>
      readdirSync(cache, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('bytes'))
        .map((path) => statSync(join(cache, path)).size)
    await vi.waitUntil(() => written()[0] === 200_000, { timeout: 30_000, interval: 20 })
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(readdirSync(cache)).toEqual([expect.stringMatching(/^model\.bin\..*\.part$/)])

    await fetchModelFile(testEntry([server.url]), {}, shortPatience)
    expect(server.ranges).toEqual([undefined, 'bytes=200000-'])
    expect(readFileSync(join(cache, 'model.bin')).equals(content)).toBe(true)
    expect(readdirSync(cache).sort()).toEqual(['model.bin', 'model.bin.json'])
  })

  it('is no danger to the next download, whatever it left', async () => {
    const server = await start(good)
    // No process has this number: they end at 2 ** 22.
    const dead = join(cache, `model.bin.${hostname().replace(/[^\w-]/g, '-')}~99999999~abc.part`)
    for (const validator of ['', '{"url":', '[]', JSON.stringify({ url: server.url, etag: '"one"' })]) {
      mkdirSync(dead)
      writeFileSync(join(dead, 'bytes'), content.subarray(7, 1000))
      writeFileSync(join(dead, 'validator.json'), validator)
      await fetchModelFile(testEntry([server.url]), {}, shortPatience)
      expect(readFileSync(join(cache, 'model.bin')).equals(content)).toBe(true)
      expect(readdirSync(cache).sort()).toEqual(['model.bin', 'model.bin.json'])
      rmSync(join(cache, 'model.bin'))
    }
  })
})

describe('two processes at once', () => {
  it('both get the file', async () => {
    const server = await start(async (request, response) => {
      await vi.waitUntil(() => server.ranges.length === 2, { timeout: 30_000, interval: 20 })
      return serve(content, request, response)
    })
    const children = [download(testEntry([server.url])), download(testEntry([server.url]))]
    const exits = await Promise.all(children.map((child) => once(child, 'exit')))
    expect(exits.map(([code]) => code)).toEqual([0, 0])
    expect(readFileSync(join(cache, 'model.bin')).equals(content)).toBe(true)
    expect(readdirSync(cache).sort()).toEqual(['model.bin', 'model.bin.json'])
  })

  it('do not touch what the other one writes, before it is a day old', async () => {
    const server = await start(good)
    const other = join(cache, 'model.bin.another-machine~1~abc.part')
    mkdirSync(other)
    writeFileSync(join(other, 'bytes'), 'half')
    await fetchModelFile(testEntry([server.url]), {}, shortPatience)
    expect(readFileSync(join(other, 'bytes'), 'utf8')).toBe('half')

    rmSync(join(cache, 'model.bin'))
    const longAgo = Date.now() / 1000 - 100_000
    utimesSync(join(other, 'bytes'), longAgo, longAgo)
    await fetchModelFile(testEntry([server.url]), {}, shortPatience)
    expect(readdirSync(cache).sort()).toEqual(['model.bin', 'model.bin.json'])
  })

  it('in one process are two downloads as well', async () => {
    const server = await start(good)
    await Promise.all([1, 2].map(() => fetchModelFile(testEntry([server.url]), {}, shortPatience)))
    expect(readdirSync(cache).sort()).toEqual(['model.bin', 'model.bin.json'])
  })
})

describe('a file whose hash nobody published', () => {
  const other = Buffer.from(content).fill(1, 0, 10)

  it('is held to the hash that it had when it was first downloaded', async () => {
    let served = content
    const server = await start((request, response) => serve(served, request, response))
    const entry = testEntry([server.url], { sha256: null })
    expect((await fetchModelFile(entry, {}, shortPatience)).sha256).toBe(hash)
    expect(JSON.parse(readFileSync(join(cache, 'model.bin.json'), 'utf8'))).toEqual({
      name: 'model.bin',
      bytes: content.length,
      sha256: hash,
      url: server.url,
    })

    writeFileSync(join(cache, 'model.bin'), other)
    await expect(openModelFile(entry, {}, shortPatience)).rejects.toThrow(
      /SHA-256 \w+; the file was deleted\s+what to do: load the model again/,
    )
    expect(existsSync(join(cache, 'model.bin'))).toBe(false)

    served = other
    await expect(openModelFile(entry, {}, shortPatience)).rejects.toThrow(`expected ${hash}`)
    served = content
    expect((await openModelFile(entry, {}, shortPatience)).sha256).toBe(hash)
  })
})

describe('a file in the cache', () => {
  it('of another length is refused and deleted before it is read', async () => {
    writeFileSync(join(cache, 'model.bin'), 'short')
    await expect(openModelFile(testEntry([], { bytes: content.length }), {}, shortPatience)).rejects.toThrow(
      /expected: 300000 bytes\s+got: 5 bytes/,
    )
    expect(readdirSync(cache)).toEqual([])
  })

  it('may have been put there by hand', async () => {
    writeFileSync(join(cache, 'model.bin'), content)
    expect((await openModelFile(testEntry([]), {}, shortPatience)).origin).toBe(`Put into ${cache} by hand.`)
  })

  it('may be in a folder of models just as well', async () => {
    writeFileSync(join(cache, 'model.bin'), content)
    const found = await openModelFile(testEntry([]), { folder: cache, cache: join(cache, 'nothing') }, shortPatience)
    expect([found.file, found.bytes, found.sha256]).toEqual([join(cache, 'model.bin'), content.length, hash])
  })
})

describe('the folder of the cache', () => {
  it("is the platform's, unless MOBILENETV2_CACHE names one", () => {
    const home = homedir()
    expect(cacheFolder({}, 'linux')).toBe(join(home, '.cache', 'mobilenetv2'))
    expect(cacheFolder({ XDG_CACHE_HOME: '/x' }, 'linux')).toBe(join('/x', 'mobilenetv2'))
    expect(cacheFolder({}, 'darwin')).toBe(join(home, 'Library', 'Caches', 'mobilenetv2'))
    expect(cacheFolder({ LOCALAPPDATA: '/l' }, 'win32')).toBe(join('/l', 'mobilenetv2', 'Cache'))
    for (const platform of ['linux', 'darwin', 'win32'] as const)
      expect(cacheFolder({ MOBILENETV2_CACHE: '/c' }, platform)).toBe('/c')
  })

  it('that cannot be written is an error that says so', async () => {
    const file = join(cache, 'file')
    writeFileSync(file, '')
    const server = await start(good)
    await expect(fetchModelFile(testEntry([server.url]), { cache: join(file, 'sub') }, shortPatience)).rejects.toThrow(
      /The cache of models cannot be written[\s\S]*name a folder that can be written in MOBILENETV2_CACHE/,
    )
  })
})
