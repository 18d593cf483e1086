import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { defaultModel, isZooId, openZooModel, type ZooId, zooEntries } from '../src/index.js'

const folder = mkdtempSync(join(tmpdir(), 'zoo-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.unstubAllEnvs())

const fileEntries = zooEntries.flatMap(({ id, location }) => (location.kind === 'file' ? [{ id, ...location }] : []))
const [first, second] = fileEntries

async function refusal(id: ZooId, options: { folder?: string } = {}): Promise<MobileNetV2Error> {
  const error = await openZooModel(id, options).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(MobileNetV2Error)
  return error as MobileNetV2Error
}

describe('entries', () => {
  it('have ids of their own, and hashes that are SHA-256', () => {
    expect(new Set(zooEntries.map(({ id }) => id)).size).toBe(zooEntries.length)
    expect(zooEntries.every(({ id }) => isZooId(id))).toBe(true)
    expect(isZooId('model.tflite')).toBe(false)
    for (const { sha256 } of fileEntries) expect(sha256).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('openZooModel', () => {
  it('refuses an id that the zoo has not', async () => {
    expect((await refusal('resnet' as ZooId)).message).toMatch(/expected: one of imagenet-1\.0-224, [\s\S]*got: "resnet"/)
  })

  it('says which file is missing and how to supply it', async () => {
    vi.stubEnv('MOBILENETV2_MODELS', '')
    const unset = await refusal('imagenet-1.0-224')
    expect(unset.code).toBe('SOURCE')
    expect(unset.message).toMatch(/got: MOBILENETV2_MODELS is not set\s+what to do: set MOBILENETV2_MODELS/)
    vi.stubEnv('MOBILENETV2_MODELS', folder)
    expect((await refusal('imagenet-1.0-224')).message).toContain(`no such file in ${folder}`)
  })

  it('refuses a file of another length or another content', async () => {
    const path = join(folder, second!.name)
    writeFileSync(path, 'too short')
    expect((await refusal(second!.id, { folder })).message).toMatch(/expected: 3610798 bytes\s+got: 9 bytes/)
    truncateSync(path, second!.bytes)
    expect((await refusal(second!.id, { folder })).message).toMatch(/expected: SHA-256 7aad0c74.*\s+got: SHA-256 [0-9a-f]{64}/)
    rmSync(path)
  })
})

describe('defaultModel', () => {
  it('is the first ImageNet model of the folder, else the one inside of nsfwjs, and says why', async () => {
    expect(await defaultModel(undefined)).toEqual({
      source: 'nsfw-1.4-224',
      reason: expect.stringContaining('nsfwjs, as MOBILENETV2_MODELS is not set.'),
    })
    expect(await defaultModel(folder)).toEqual({
      source: 'nsfw-1.4-224',
      reason: expect.stringContaining(`MOBILENETV2_MODELS (${folder}) has no ImageNet model`),
    })
    for (const { id, name } of [second!, first!]) {
      writeFileSync(join(folder, name), '')
      expect(await defaultModel(folder)).toEqual({ source: id, reason: expect.stringContaining(name) })
    }
  })
})

const models = process.env.MOBILENETV2_MODELS

describe.skipIf(!models)(`the published files${models ? '' : ' [left out: MOBILENETV2_MODELS is not set]'}`, () => {
  for (const { id, name, bytes } of fileEntries) {
    it(`${id} is ${name}`, async () => {
      const opened = await openZooModel(id)
      expect([opened.bytes.length, opened.labels.length, opened.file]).toEqual([bytes, 1000, join(models!, name)])
    })
  }

  it('open from another folder as well, as their bytes are what counts', async () => {
    copyFileSync(join(models!, first!.name), join(folder, first!.name))
    const { bytes } = await openZooModel(first!.id, { folder })
    expect(bytes.length).toBe(readFileSync(join(models!, first!.name)).length)
  })
})
