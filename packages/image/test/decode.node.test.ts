import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expectAllClose } from '@mobilenetv2/testing'
import sharp from 'sharp'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { white } from '../src/background.js'
import { decode } from '../src/decode.js'
import { preprocess } from '../src/preprocess.js'

afterEach(() => {
  vi.doUnmock('sharp')
  vi.resetModules()
})

describe('decode in Node', () => {
  it('says what to install where sharp is missing', async () => {
    vi.doMock('sharp', () => {
      throw new Error("Cannot find package 'sharp'")
    })
    const { openFile } = await import('../src/decode.node.js')
    const opening = { where: 'file a.jpg', background: white, format: 'JPEG', size: undefined, jpeg: null, shrink: null } as const
    await expect(openFile(Uint8Array.of(1, 2, 3), opening)).rejects.toMatchObject({
      code: 'IMAGE',
      message: expect.stringContaining('what to do: npm install sharp'),
    })
  })

  it('shows no file of another format to sharp', async () => {
    vi.doMock('sharp', () => {
      throw new Error('sharp was asked')
    })
    const { decode } = await import('../src/decode.js')
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><filter id="f"/></svg>'
    for (const text of [svg, ` <!-- -->${svg}`, 'BM....', 'II*\0....', '\0\0\0\x18ftypheic\0\0\0\0']) {
      await expect(decode(Buffer.from(text))).rejects.toMatchObject({ details: { remedy: expect.stringContaining('Convert') } })
    }
    await expect(decode(Buffer.from('GIF89a'))).rejects.toThrow('needs the package sharp')
  })

  it('ignores a colour profile, as Pillow does', async () => {
    const plain = { create: { width: 4, height: 4, channels: 3, background: { r: 200, g: 100, b: 50 } } } as const
    const png = await sharp(plain).withIccProfile('p3').png().toBuffer()
    expect((await sharp(png).metadata()).hasProfile).toBe(true)
    const stored = await sharp(png, { ignoreIcc: true }).raw().toBuffer()
    expect(Array.from((await decode(png)).data)).toEqual(Array.from(stored))
  })

  it('takes any view of bytes, and gives a plain Uint8Array', async () => {
    const png = await sharp({ create: { width: 5, height: 3, channels: 3, background: '#fa6432' } })
      .png()
      .toBuffer()
    const padded = new Uint8Array(png.length + 20)
    padded.set(png, 7)
    const picture = await decode(padded.subarray(7, 7 + png.length))
    expect(Object.getPrototypeOf(picture.data)).toBe(Uint8Array.prototype)
    expect(Array.from(picture.data.subarray(0, 3))).toEqual([250, 100, 50])
  })
})

const photos = process.env.MOBILENETV2_PHOTOS
const reason = photos === undefined ? ' (left out: MOBILENETV2_PHOTOS is not set)' : ''

describe.skipIf(photos === undefined)(`photos${reason}`, () => {
  const folder = photos ?? ''

  it('decode, every one', async () => {
    const names = readdirSync(folder).filter((name) => name.endsWith('.JPEG'))
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) {
      const { data, width, height } = await decode(readFileSync(join(folder, name)), { file: name })
      expect(data.length).toBe(width * height * 3)
    }
  })

  it('become the crops that Pillow makes of them, within 1 level', async () => {
    for (const name of photos === undefined ? [] : readdirSync(join(folder, 'crops'))) {
      const photo = await decode(readFileSync(join(folder, name.replace('.png', '.JPEG'))))
      const expected = await decode(readFileSync(join(folder, 'crops', name)))
      const geometry = { kind: 'shorterSide', size: 256, rounding: 'nearest' } as const
      const asLevels = { mean: [0, 0, 0], deviation: [1 / 255, 1 / 255, 1 / 255] } as const
      const values = preprocess(photo, { geometry, interpolation: 'bilinear', ...asLevels }, { height: 224, width: 224 })
      expectAllClose(values, expected.data, { absolute: 1 })
    }
  })
})
