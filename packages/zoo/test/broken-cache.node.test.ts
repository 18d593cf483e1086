import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { listCachedModels, locateModelFile, prefetchModel, readCachedUrl, removeCachedModel, zooEntry } from '../src/index.js'
import { openModelFile } from '../src/model-file.js'
import { openFilePartial } from '../src/store/file-partial.js'
import { cache, expectRightFile, get, good, refusal, start } from './download-setup.js'
import { serve } from './fault-server.js'
import { content, hash, shortPatience, testEntry } from './test-entry.js'

interface Handle {
  appendFile: null | (() => Promise<never>)
}

const handle = vi.hoisted<Handle>(() => ({ appendFile: null }))

// The file system, with an `appendFile` that can be made to fail.
vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>()
  const open: typeof original.open = async (...parameters) => {
    const opened = await original.open(...parameters)
    if (handle.appendFile !== null) opened.appendFile = handle.appendFile
    return opened
  }
  return { ...original, open }
})

const failure = (code: string): Error => Object.assign(new Error(`${code}: as the system says it`), { code, syscall: 'write' })

beforeEach(() => {
  handle.appendFile = null
  vi.stubEnv('MOBILENETV2_CACHE', cache)
  vi.stubEnv('MOBILENETV2_MODELS', '')
})

const model = (): string => join(cache, 'model.bin')

/** Puts the test's file into the cache, with this as its record. */
function put(record: string): void {
  writeFileSync(model(), content)
  writeFileSync(`${model()}.json`, record)
}

const record = (changes: object = {}): string =>
  JSON.stringify({ name: 'model.bin', bytes: content.length, sha256: hash, url: 'https://localhost/', ...changes })

const otherHash = 'f'.repeat(64)

describe('a full disk', () => {
  it.each([
    ['ENOSPC', 'the disk is full (ENOSPC)'],
    ['EDQUOT', "this user's share of the disk is full (EDQUOT)"],
  ])('is named, and the partial file is gone (%s)', async (code, got) => {
    const server = await start(good)
    handle.appendFile = () => Promise.reject(failure(code))
    const message = await refusal(get([server.url]))
    expect(message).toContain(`The cache of models cannot be written.\n  where: ${model()}\n  got: ${got}\n  what to do: `)
    expect(message).toContain('name a folder that can be written in MOBILENETV2_CACHE')
    expect(readdirSync(cache)).toEqual([])
    handle.appendFile = null
    await get([server.url])
    expectRightFile()
  })

  it('is recognised when the system itself reports it', () => {
    const module = pathToFileURL(join(import.meta.dirname, '../dist/store/file-store.js')).href
    // A limit of 8 KiB for every file. The signal SIGXFSZ would end Node, so it gets a handler.
    const program = `
      process.on('SIGXFSZ', () => {})
      const { createFileStore } = await import('${module}')
      const partial = await createFileStore(${JSON.stringify(cache)}).openPartial('model.bin')
      await partial.append(new Uint8Array(100_000)).catch(({ code, message }) => console.log(code, message))
      await partial.release()`
    const command = 'ulimit -f 8; exec "$0" --input-type=module --eval "$1"'
    const { stdout } = spawnSync('bash', ['-c', command, process.execPath, program], { encoding: 'utf8' })
    expect(stdout).toMatch(/^SOURCE The cache of models cannot be written\.[\s\S]*larger than the system allows \(EFBIG\)/)
    expect(readdirSync(cache)).toEqual([])
  })
})

describe('an error of the system that is not a full disk', () => {
  it('is named, and what has come is kept', async () => {
    const partial = await openFilePartial(cache, 'model.bin')
    await partial.restart({ url: 'https://localhost/', etag: '"one"' })
    await partial.append(content.subarray(0, 1000))
    await partial.release()
    handle.appendFile = () => Promise.reject(failure('EIO'))
    const again = await openFilePartial(cache, 'model.bin')
    await expect(again.append(content.subarray(1000))).rejects.toThrow('EIO: as the system says it')
    await again.release()
    expect(readdirSync(cache)).toEqual(['model.bin.part'])
  })
})

describe("something else in a file's place", () => {
  it('is named if it is a folder in place of the record, and what has come is kept', async () => {
    const server = await start(good)
    mkdirSync(`${model()}.json`)
    expect(await refusal(get([server.url]))).toContain('The cache of models cannot be written.')
    expect(readdirSync(cache)).toEqual(['model.bin.json', 'model.bin.part'])
  })

  it.each([
    ['a folder', () => mkdirSync(model()), 'taken by something that is not a file'],
    ['a device', () => symlinkSync('/dev/zero', model()), 'taken by something that is not a file'],
    ['a link to itself', () => symlinkSync('model.bin', model()), 'symbolic links lead to each other (ELOOP)'],
  ])('is named, and nothing is downloaded: %s', async (_, make, text) => {
    make()
    const server = await start(good)
    const message = await refusal(get([server.url]))
    expect(message).toContain(text)
    expect(message).toContain(`where: ${model()}`)
    expect(server.ranges).toEqual([])
  })

  it('in place of what an earlier download left is put aside', async () => {
    const dead = join(cache, `model.bin.${hostname().replace(/[^\w-]/g, '-')}~99999999~abc.part`)
    for (const make of [() => writeFileSync(dead, 'a file'), () => mkdirSync(join(dead, 'bytes'), { recursive: true })]) {
      make()
      const server = await start(good)
      await get([server.url])
      expectRightFile()
      rmSync(model())
    }
  })

  it('in place of the cache is named', async () => {
    const loop = join(cache, 'loop')
    symlinkSync('loop', loop)
    await expect(listCachedModels({ cache: loop })).rejects.toThrow(/The cache of models cannot be read[\s\S]*\(ELOOP\)/)
    const file = join(cache, 'file')
    writeFileSync(file, '')
    expect(await listCachedModels({ cache: file })).toEqual([])
    await expect(prefetchModel('keras-0.35-96', { cache: file, fetch: async () => new Response('x') })).rejects.toThrow(
      /The cache of models cannot be written/,
    )
  })

  it('in the folder of models is no file of a model', async () => {
    mkdirSync(model())
    const server = await start(good)
    await expect(
      openModelFile(testEntry([server.url]), { folder: cache, cache: join(cache, 'other') }, shortPatience),
    ).resolves.toMatchObject({ sha256: hash })
  })
})

const broken: readonly [string, string][] = [
  ['empty', ''],
  ['cut off', '{"name":"model.b'],
  ['null', 'null'],
  ['a number', '5'],
  ['a list', '[]'],
  ['of other types', record({ bytes: '300000', sha256: 7, url: {} })],
  ['of no hash', record({ sha256: '' })],
  ['of another file', record({ name: 'other.bin' })],
  ['of a file elsewhere', record({ name: '../model.bin' })],
  ['far too long', record({ more: 'x'.repeat(100_000) })],
]

it('a folder of models that cannot be read is named, and nothing is downloaded', async () => {
  symlinkSync('model.bin', model())
  const server = await start(good)
  for (const folder of [cache, 'x'.repeat(300)]) {
    const message = await refusal(openModelFile(testEntry([server.url]), { folder, cache: join(cache, 'other') }, shortPatience))
    expect(message).toMatch(/^The file of a model cannot be read\.\n {2}where: \S*model\.bin\n {2}got: .*\((ELOOP|ENAMETOOLONG)\)/)
  }
  expect(server.ranges).toEqual([])
})

describe('a broken record', () => {
  it.each(broken)('does no harm if the publisher says what the file is: %s', async (_, text) => {
    put(text)
    expect((await openModelFile(testEntry([]), {}, shortPatience)).sha256).toBe(hash)
    expect(existsSync(model())).toBe(true)
  })

  it.each(broken)('of a file without a published hash is refused, and the file is deleted: %s', async (_, text) => {
    put(text)
    const server = await start(good)
    const entry = testEntry([server.url], { sha256: null })
    await expect(openModelFile(entry, {}, shortPatience)).rejects.toThrow(
      /expected: a hash from its download\s+got: a broken record of it; the file was deleted\s+what to do: load the model again/,
    )
    expect((await openModelFile(entry, {}, shortPatience)).sha256).toBe(hash)
    expectRightFile()
  })

  it('hides no other model', async () => {
    const [good, bad] = (['keras-0.35-96', 'keras-1.0-224'] as const).map((id) => {
      const { location } = zooEntry(id)
      return location.kind === 'file' ? location.name : ''
    })
    writeFileSync(join(cache, `${good}`), 'x')
    writeFileSync(join(cache, `${good}.json`), record({ name: good }))
    for (const [, text] of broken) {
      writeFileSync(join(cache, `${bad}`), 'x')
      writeFileSync(join(cache, `${bad}.json`), text)
      expect((await listCachedModels()).map(({ entry, bytes }) => [entry.id, bytes])).toEqual([['keras-0.35-96', 1]])
      expect(await locateModelFile('keras-1.0-224')).toBe(join(cache, `${bad}`))
    }
    rmSync(join(cache, `${bad}`))
    mkdirSync(join(cache, `${bad}`))
    writeFileSync(join(cache, 'foreign.json'), '5')
    expect((await listCachedModels()).length).toBe(1)
    await expect(removeCachedModel('keras-1.0-224')).rejects.toBeInstanceOf(MobileNetV2Error)
    expect(await removeCachedModel('keras-0.35-96')).toBe(true)
  })
})

describe("the publisher's hash wins over the record", () => {
  const wrong = record({ sha256: otherHash, bytes: 7 })

  it.each([hash, hash.slice(0, 8)])('of a right file (%s)', async (sha256) => {
    put(wrong)
    expect((await openModelFile(testEntry([], { sha256 }), {}, shortPatience)).sha256).toBe(hash)
  })

  it('of a download', async () => {
    writeFileSync(`${model()}.json`, wrong)
    const server = await start(good)
    await get([server.url])
    expectRightFile()
    expect(JSON.parse(readFileSync(`${model()}.json`, 'utf8'))).toMatchObject({ sha256: hash, bytes: content.length })
  })

  it('of a wrong file, which stays refused', async () => {
    const other = Buffer.from(content).fill(1, 0, 10)
    const server = await start((request, response) => serve(other, request, response))
    put(record())
    writeFileSync(model(), other)
    await expect(openModelFile(testEntry([], { sha256: otherHash }), {}, shortPatience)).rejects.toThrow(`SHA-256 ${otherHash}`)
    expect(await refusal(get([server.url]))).toContain(`expected ${hash}`)
  })
})

it('a recorded hash that is out of date can be forgotten, and the error says how', async () => {
  const server = await start(good)
  writeFileSync(`${model()}.json`, record({ sha256: otherHash }))
  const entry = testEntry([server.url], { sha256: null })
  await expect(openModelFile(entry, {}, shortPatience)).rejects.toThrow(
    /expected f+[\s\S]*forget its old hash with removeCachedModel/,
  )
  rmSync(`${model()}.json`)
  expect((await openModelFile(entry, {}, shortPatience)).sha256).toBe(hash)
})

it('a text that is no address is refused, and the error quotes it', async () => {
  await expect(readCachedUrl('http://', 2 ** 20)).rejects.toThrow(/This is not the address of a file[\s\S]*http:/)
})
