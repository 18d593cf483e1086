import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  cacheLocation,
  listCachedModels,
  locateModelFile,
  openZooModel,
  prefetchModel,
  readCachedUrl,
  removeCachedModel,
  type ZooId,
  zooEntry,
} from '../src/index.js'

// Where only names matter, any file with a model's name stands in for the published one.
const folder = mkdtempSync(join(tmpdir(), 'zoo-'))
const cache = mkdtempSync(join(tmpdir(), 'zoo-cache-'))
beforeEach(() => {
  vi.stubEnv('MOBILENETV2_MODELS', '')
  vi.stubEnv('MOBILENETV2_CACHE', cache)
})
afterEach(() => vi.unstubAllEnvs())
afterAll(() => {
  rmSync(folder, { recursive: true })
  rmSync(cache, { recursive: true })
})

function nameOf(id: ZooId): string {
  const { location } = zooEntry(id)
  return location.kind === 'file' ? location.name : ''
}

async function refusal(id: ZooId, options: Parameters<typeof openZooModel>[1] = {}): Promise<MobileNetV2Error> {
  const error = await openZooModel(id, options).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(MobileNetV2Error)
  return error as MobileNetV2Error
}

describe('openZooModel', () => {
  it('says which file is missing, what was tried, and the three ways to supply it', async () => {
    const fetch = async (): Promise<Response> => new Response('gone', { status: 404, statusText: 'Not Found' })
    const unset = await refusal('imagenet-1.0-224', { fetch })
    expect(unset.code).toBe('SOURCE')
    expect(unset.details).toMatchObject({
      where: 'tf2_mobilenet_v2_1.0_224_ptq.tflite',
      got: `MOBILENETV2_MODELS is not set; not in the cache (${cache}); https://raw.githubusercontent.com/google-coral/test_data/master/tf2_mobilenet_v2_1.0_224_ptq.tflite: HTTP status 404 Not Found`,
      remedy: expect.stringMatching(
        /^one of: \(1\) .*MOBILENETV2_MODELS to that folder; \(2\) .*MOBILENETV2_CACHE to the copy; \(3\) give the file's path/,
      ),
    })
    vi.stubEnv('MOBILENETV2_MODELS', folder)
    expect((await refusal('imagenet-1.0-224', { fetch })).message).toContain(`no such file in ${folder}`)
  })

  it('refuses a file of another length or another content', async () => {
    const path = join(folder, nameOf('imagenet-1.0-224-qat'))
    writeFileSync(path, 'too short')
    expect((await refusal('imagenet-1.0-224-qat', { folder })).message).toMatch(/expected: 3610798 bytes\s+got: 9 bytes/)
    truncateSync(path, 3_610_798)
    expect((await refusal('imagenet-1.0-224-qat', { folder })).message).toMatch(
      /expected: SHA-256 7aad0c74.*\s+got: SHA-256 [0-9a-f]{64}/,
    )
    rmSync(path)
  })
})

describe('prefetchModel, listCachedModels and removeCachedModel', () => {
  const bytes = Buffer.alloc(100_000, 'weights')
  const fetch = async (): Promise<Response> => new Response(bytes)

  it('have a model at hand, say so, and take it away', async () => {
    expect(await listCachedModels()).toEqual([])
    const found = await prefetchModel('keras-0.35-96', { fetch })
    expect(found).toMatchObject({ file: join(cache, nameOf('keras-0.35-96')), bytes: bytes.length })
    const [model, ...others] = await listCachedModels()
    expect(others).toEqual([])
    const { entry, ...rest } = model!
    expect([entry.id, rest.file, rest.bytes, rest.sha256]).toEqual(['keras-0.35-96', found.file, found.bytes, found.sha256])
    expect(rest.url).toMatch(/_0\.35_96\.h5$/)

    const offline = async (): Promise<Response> => Promise.reject(new Error('no network'))
    const opened = await openZooModel('keras-0.35-96', { fetch: offline })
    expect(Buffer.from(opened.bytes).equals(bytes)).toBe(true)
    expect(opened.entry.preprocessing?.geometry?.kind).toBe('centralFraction')

    expect([await removeCachedModel('keras-0.35-96'), await removeCachedModel('keras-0.35-96')]).toEqual([true, false])
    expect(await listCachedModels()).toEqual([])
  })

  it('have nothing to do with a model inside of a package', async () => {
    await expect(prefetchModel('nsfw-1.4-224')).rejects.toMatchObject({ code: 'SOURCE' })
    expect(await removeCachedModel('nsfw-1.4-224')).toBe(false)
  })
})

it.each([
  ['openZooModel', (options: object) => openZooModel('keras-0.35-96', options)],
  ['prefetchModel', (options: object) => prefetchModel('keras-0.35-96', options)],
  ['locateModelFile', (options: object) => locateModelFile('keras-0.35-96', options)],
  ['listCachedModels', (options: object) => listCachedModels(options)],
  ['removeCachedModel', (options: object) => removeCachedModel('keras-0.35-96', options)],
  ['cacheLocation', (options: object) => cacheLocation(options)],
  ['readCachedUrl', (options: object) => readCachedUrl('http://localhost/model', 2 ** 20, options)],
])('%s refuses an option that does not exist', async (_, call) => {
  await expect(call({ cach: 'elsewhere' })).rejects.toMatchObject({ code: 'OPTION', details: { where: 'option cach' } })
})

describe('locateModelFile', () => {
  it('finds a model in the folder before the cache, and downloads nothing', async () => {
    expect(await locateModelFile('keras-0.35-96')).toBe(null)
    await prefetchModel('keras-0.35-96', { fetch: async () => new Response('weights') })
    expect(await locateModelFile('keras-0.35-96', { folder })).toBe((await listCachedModels())[0]!.file)
    writeFileSync(join(folder, nameOf('keras-0.35-96')), '')
    expect(await locateModelFile('keras-0.35-96', { folder })).toBe(join(folder, nameOf('keras-0.35-96')))
    expect(await locateModelFile('nsfw-1.4-224')).toBe(null)
  })
})

const models = process.env.MOBILENETV2_MODELS

describe.skipIf(!models)(`the published files${models ? '' : ' [left out: MOBILENETV2_MODELS is not set]'}`, () => {
  it.each([
    ['imagenet-1.0-224', 1000],
    ['imagenet-1.0-224-qat', 1000],
    ['inat-bird-1.0-224', 964],
  ] satisfies [ZooId, number][])('%s opens, with %d labels', async (id, labels) => {
    const opened = await openZooModel(id, { folder: models! })
    expect([opened.bytes.length, opened.labels.length, opened.file]).toEqual([
      readFileSync(opened.file).length,
      labels,
      join(models!, nameOf(id)),
    ])
  })

  it('open from another folder as well, as their bytes are what counts', async () => {
    copyFileSync(join(models!, nameOf('imagenet-1.0-224')), join(folder, nameOf('imagenet-1.0-224')))
    expect((await openZooModel('imagenet-1.0-224', { folder })).bytes.length).toBe(4_070_174)
  })
})
