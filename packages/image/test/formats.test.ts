import { describe, expect, it } from 'vitest'
import { decode } from '../src/decode.js'
import { formatOf } from '../src/formats.js'
import pictures from './goldens/pictures.json' with { type: 'json' }

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
const letters = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const fileNamed = (name: string): Uint8Array => bytesOf(pictures.cases.find((entry) => entry.name === name)!.file)

const sizeOf = async (bytes: Uint8Array) => formatOf(bytes)?.size(bytes)

describe('the size that a header states', () => {
  for (const { name, file, size } of pictures.cases) {
    it(name, async () => {
      const stored = await sizeOf(bytesOf(file))
      // Orientations 5 to 8 lie on their side.
      const turned = /orientation [5-8]/.test(name) ? [stored?.height, stored?.width] : [stored?.width, stored?.height]
      expect(turned).toEqual(size)
    })
  }

  it('of a lossy and an extended WebP', async () => {
    const chunk = (kind: string, content: readonly number[]): Uint8Array =>
      Uint8Array.of(...letters(`RIFF....WEBP${kind}....`), ...content)
    expect(await sizeOf(chunk('VP8X', [0, 0, 0, 0, 0xff, 1, 0, 0x2c, 1, 1]))).toEqual({ width: 512, height: 65_837 })
    expect(await sizeOf(chunk('VP8 ', [0, 0, 0, 0x9d, 1, 0x2a, 0x40, 1, 0xf0, 0x40]))).toEqual({ width: 320, height: 240 })
  })

  it('of a GIF whose frame goes beyond its screen', async () => {
    const gif = fileNamed('GIF')
    const view = new DataView(gif.buffer)
    view.setUint32(6, 0)
    expect(await sizeOf(gif)).toEqual({ width: 12, height: 7 })
  })

  it('is undefined if the file is cut short or unknown, and no prefix of a file throws', async () => {
    for (const { file } of pictures.cases) {
      const bytes = bytesOf(file)
      for (let length = 0; length < Math.min(bytes.length, 400); length++) await sizeOf(bytes.subarray(0, length))
    }
    expect(await sizeOf(new Uint8Array())).toBeUndefined()
    expect(await sizeOf(letters('just text'))).toBeUndefined()
    expect(await sizeOf(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xe0, 0, 0))).toBeUndefined()
  })
})

/** The bytes with a big-endian number at the offset. */
function patched(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice()
  new DataView(copy.buffer).setUint32(at, value)
  return copy
}

const find = (bytes: Uint8Array, text: string): number => String.fromCharCode(...bytes).indexOf(text)

describe('a file whose header states too many pixels is refused before it is decoded', () => {
  const avif = fileNamed('AVIF')
  const gif = fileNamed('GIF')
  const screen = gif.slice()
  new DataView(screen.buffer).setUint32(6, 0xff_ff_ff_ff)

  it.each([
    ['PNG', patched(fileNamed('PNG RGB'), 16, 2 ** 31), '2147483648 x 7'],
    ['PNG of many pixels', patched(patched(fileNamed('PNG RGB'), 16, 60_000), 20, 60_000), '60000 x 60000'],
    ['AVIF', patched(avif, find(avif, 'ispe') + 8, 2 ** 24), '16777216 x 16'],
    ['GIF', screen, '65535 x 65535'],
    ['WebP', Uint8Array.of(...letters('RIFF....WEBPVP8X....'), 0, 0, 0, 0, 255, 255, 255, 255, 255, 255), '16777216 x 16777216'],
  ])('%s', async (_, bytes, got) => {
    await expect(decode(bytes)).rejects.toMatchObject({ code: 'IMAGE', details: { got } })
  })
})

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
const utf16 = (text: string, little: boolean): Uint8Array =>
  Uint8Array.from({ length: 2 * text.length }, (_, i) => text.charCodeAt(i >> 1) >> ((i % 2 === 0) === little ? 0 : 8))

describe('every other format is refused by its content, with what to do', () => {
  it.each([
    ['BMP', letters('BM\x36\0\0\0'), /BMP/, 'Convert it to JPEG or PNG.'],
    ['TIFF', letters('II*\0\x08\0\0\0'), /TIFF/, 'Convert it to JPEG or PNG.'],
    ['TIFF, big-endian', letters('MM\0*\0\0\0\x08'), /TIFF/, 'Convert it to JPEG or PNG.'],
    ['HEIC', letters('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), /HEIC/, 'Convert it to JPEG or PNG.'],
    ['HEIF', letters('\0\0\0\x18ftypmif1\0\0\0\0mif1heic'), /HEIC/, 'Convert it to JPEG or PNG.'],
    [
      'HEIC before a box that reads avif',
      letters('\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x10avifavif'),
      /HEIC/,
      'Convert it to JPEG or PNG.',
    ],
    ['HEIC of the minor version avif', letters('\0\0\0\x18ftypheicavifmif1heic'), /HEIC/, 'Convert it to JPEG or PNG.'],
    ['JPEG XL', letters('\xff\x0a\x7f\x3f'), /JPEG XL/, 'Convert it to JPEG or PNG.'],
    ['JPEG 2000', letters('\0\0\0\x0cjP  \r\n\x87\n'), /JPEG 2000/, 'Convert it to JPEG or PNG.'],
    ['ICO', letters('\0\0\x01\0\x01\0'), /ICO/, 'Convert it to JPEG or PNG.'],
    ['Photoshop', letters('8BPS\0\x01'), /Photoshop/, 'Convert it to JPEG or PNG.'],
    ['PDF', letters('%PDF-1.7\n'), /PDF/, 'Convert the page to JPEG or PNG.'],
    ['MP4', letters('\0\0\0\x18ftypisom\0\0\x02\0'), /video/, /frame/],
    ['WebM', letters('\x1aE\xdf\xa3\x9f'), /video/, /frame/],
    ['HTML', letters('\n<!DOCTYPE html><html><svg></svg>'), /HTML/, /address/],
    ['SVG', letters(svg), /SVG/, /canvas/],
    ['SVG behind a byte order mark', letters(`\xef\xbb\xbf${svg}`), /SVG/, /canvas/],
    [
      'SVG behind blanks, a declaration, a comment',
      letters(` \n<?xml version="1.0"?><!-- a --><!DOCTYPE svg>${svg}`),
      /SVG/,
      /canvas/,
    ],
    ['SVG in UTF-16', utf16(`\ufeff${svg}`, true), /SVG/, /canvas/],
    ['SVG in UTF-16, big-endian', utf16(`<?xml version="1.0"?>${svg}`, false), /SVG/, /canvas/],
    ['SVG in gzip', letters('\x1f\x8b\x08\0'), /gzip/, /canvas/],
    ['XML whose SVG begins late', letters(`<?xml version="1.0"?><!--${' '.repeat(5000)}-->${svg}`), /XML/, /canvas/],
    ['text', letters('file,class_index\n'), /^17 bytes that begin with 66 69 .*"file,cla"/, /Convert/],
    ['one byte', letters('B'), /^1 bytes that begin with 42/, /Convert/],
  ])('%s', async (_, bytes, got, remedy) => {
    const details = {
      where: 'file a.jpg',
      expected: 'a whole JPEG, PNG, WebP, GIF or AVIF file',
      got: expect.stringMatching(got),
      remedy: expect.stringMatching(remedy),
    }
    await expect(decode(bytes, { file: 'a.jpg' })).rejects.toMatchObject({ code: 'IMAGE', details })
  })
})
