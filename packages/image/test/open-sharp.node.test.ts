import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, it, vi } from 'vitest'
import type { DecodeOptions } from '../src/decode.js'
import { decode } from '../src/decode.js'
import { openSharp } from '../src/open-sharp.js'
import type { Picture } from '../src/picture.js'
import pictures from './goldens/pictures.json' with { type: 'json' }
import { bytesOf } from './goldens.js'

async function read(instance: Sharp, options?: DecodeOptions): Promise<Picture> {
  const rows = await openSharp(instance, options)
  return rows.read(0, rows.height)
}

/** The pixels of an instance's own output, without orientation. */
async function own(instance: Sharp): Promise<Picture> {
  const { data, info } = await instance.clone().removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { data: new Uint8Array(data), width: info.width, height: info.height, channels: 3 }
}

const fileNamed = (wanted: string): Uint8Array => bytesOf(pictures.cases.find(({ name }) => name === wanted)!.file)

describe('an instance of sharp without operations is its file', () => {
  // sharp does not know an AVIF of several frames.
  const files = [...pictures.cases, ...pictures.transparent, ...pictures.animated, ...pictures.cmyk].filter(
    ({ name }) => name !== 'AVIF of two frames',
  )
  it.each(files)('$name', async ({ file }) => {
    const expected = await decode(bytesOf(file), { background: [10, 200, 77] })
    expect(await read(sharp(bytesOf(file)), { background: [10, 200, 77] })).toEqual(expected)
  })

  it('with a colour profile, given as a path', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mobilenetv2-sharp-'))
    try {
      const path = join(folder, 'profile.jpg')
      const plain = sharp({ create: { width: 8, height: 8, channels: 3, background: '#c86432' } })
      const file = await plain.withIccProfile('p3').jpeg().toBuffer()
      writeFileSync(path, file)
      const expected = await decode(file)
      expect(await own(sharp(path))).not.toEqual(expected)
      expect(await read(sharp(path))).toEqual(expected)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('in four inks, with a profile', async () => {
    const plain = sharp({ create: { width: 8, height: 8, channels: 3, background: '#c86432' } })
    const file = await plain.toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 100 }).toBuffer()
    expect((await sharp(file).metadata()).space).toBe('cmyk')
    expect(await read(sharp(file))).toEqual(await decode(file))
  })

  it('told to read all frames: the first', async () => {
    const { file } = pictures.animated[0]!
    expect(await read(sharp(bytesOf(file), { animated: true }))).toEqual(await decode(bytesOf(file)))
  })
})

describe("an instance's own operations are kept", () => {
  const lying = fileNamed('PNG of EXIF orientation 6')
  const upright = async (): Promise<Picture> => decode(lying)

  it('turning as the EXIF orientation says: nothing is turned twice', async () => {
    expect(await read(sharp(lying).rotate())).toEqual(await upright())
    expect(await read(sharp(lying).autoOrient())).toEqual(await upright())
  })

  it('turning by an angle: the EXIF orientation has no effect', async () => {
    const instance = sharp(lying).rotate(180)
    expect(await read(instance)).toEqual(await own(instance))
  })

  it('cutting: of the stored picture, turned afterwards', async () => {
    const part = { left: 1, top: 2, width: 5, height: 4 }
    const cut = await own(sharp(lying).extract(part))
    const { data, info } = await sharp(cut.data, { raw: { width: 5, height: 4, channels: 3 } })
      .rotate(90)
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect(await read(sharp(lying).extract(part))).toEqual({
      data: new Uint8Array(data),
      width: info.width,
      height: 5,
      channels: 3,
    })
  })

  it('resizing, greyscale, in four inks too', async () => {
    for (const file of [fileNamed('PNG RGB'), bytesOf(pictures.cmyk[0]!.file)]) {
      const { data, width, height } = await read(sharp(file).resize(6, 5, { fit: 'fill' }).greyscale())
      expect([width, height, data.length]).toEqual([6, 5, 90])
      expect(data.every((level, i) => level === data[i - (i % 3)])).toBe(true)
    }
    const { width, height } = await read(sharp(bytesOf(pictures.cmyk[0]!.file)).resize(6, 5, { fit: 'fill' }))
    expect([width, height]).toEqual([6, 5])
  })

  it.each(['cmyk', 'transparent'] as const)('a misspelt option is refused, if the picture is %s too', async (kind) => {
    const instance = sharp(bytesOf(pictures[kind][0]!.file))
    await expect(openSharp(instance, { backgroud: [0, 0, 0] } as never)).rejects.toMatchObject({ code: 'OPTION' })
  })

  it('and leaves the instance as it is', async () => {
    const instance = sharp(lying)
    const before = await own(instance)
    await read(instance)
    expect(await own(instance)).toEqual(before)
  })
})

it('says that an instance gives no picture', async () => {
  for (const instance of [sharp('no-such-file.jpg'), sharp(Buffer.from('no picture'))]) {
    await expect(openSharp(instance)).rejects.toMatchObject({
      code: 'IMAGE',
      message: expect.stringContaining('An instance of sharp'),
    })
  }
})

it('never draws an SVG', async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>')
  await expect(read(sharp(svg))).rejects.toMatchObject({ code: 'IMAGE', message: expect.stringContaining('SVG') })
})

describe('an SVG of which an instance holds the bytes is not even parsed', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'
  const files = [svg, `<?xml version="1.0"?><!--${' '.repeat(5000)}-->${svg}`, gzipSync(svg)]
  it.each(files)('%#', async (file) => {
    const instance = sharp(Buffer.from(file))
    const metadata = vi.spyOn(Object.getPrototypeOf(instance), 'metadata')
    try {
      await expect(read(instance)).rejects.toThrow('SVG')
      expect(metadata).not.toHaveBeenCalled()
    } finally {
      metadata.mockRestore()
    }
  })

  it('and an SVG in a stream is not drawn', async () => {
    const instance = sharp()
    instance.end(svg)
    await expect(read(instance)).rejects.toThrow('SVG')
  })

  it('but raw pixels that begin like a compressed SVG are read as pixels', async () => {
    const pixels = Uint8Array.of(0x1f, 0x8b, 8, ...new Uint8Array(9))
    const { data } = await read(sharp(pixels, { raw: { width: 2, height: 2, channels: 3 } }))
    expect(data).toEqual(pixels)
  })
})
