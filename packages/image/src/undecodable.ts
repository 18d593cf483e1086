// Errors for files that are not decoded. This file is imported lazily, so that a page loads its texts only if they are needed.
import { MobileNetV2Error, messageOf } from '@mobilenetv2/spec'
import { type JpegHeader, mostScans, mostSegments } from './jpeg.js'
import { lacking } from './lacking.js'

export { withRightChecksums } from './png-checksums.js'

const aFileOf = (formats: readonly string[]): string => `a whole ${formats.slice(0, -1).join(', ')} or ${formats.at(-1)} file`

/** The first bytes of a file in hexadecimal and, if they are printable, as text. */
function beginning(bytes: Uint8Array): string {
  const first = bytes.subarray(0, 8)
  const hexadecimal = Array.from(first, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  const printable = first.every((byte) => byte >= 32 && byte < 127)
  return `${bytes.length} bytes that begin with ${hexadecimal}${printable ? ` ("${String.fromCharCode(...first)}")` : ''}`
}

/**
 * The error for a file that the decoder could not decode.
 * @param cause the decoder's error
 * @param formats the names of the formats that are read
 */
export function undecodable(bytes: Uint8Array, where: string, cause: unknown, formats: readonly string[]): MobileNetV2Error {
  const engine = lacking(cause)
  if (engine !== null) return engine
  const said = messageOf(cause)
  return new MobileNetV2Error('IMAGE', 'A picture cannot be decoded.', {
    where,
    expected: aFileOf(formats),
    got: `${beginning(bytes)}; the decoder says: ${said.slice(0, 300)}`,
    cause,
  })
}

/** Bytes as a text of one character for each byte. */
const letters = (bytes: Uint8Array, from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to))

/** The beginning of a text file in lower case. The zeros among its first bytes tell UTF-8 from UTF-16. */
function textOf(bytes: Uint8Array): string {
  const start = bytes.subarray(0, 4096)
  const zeros = start.subarray(0, 64).filter((byte) => byte === 0).length
  const encoding = zeros === 0 ? 'utf-8' : bytes[0] === 0xfe || bytes[0] === 0 ? 'utf-16be' : 'utf-16le'
  return new TextDecoder(encoding).decode(start).trimStart().toLowerCase()
}

const convert = 'Convert it to JPEG or PNG.'
const still = 'Give a picture, or in a browser a video element that shows a frame.'
const drawSvg = 'Convert it to PNG. In a browser, draw it on a canvas and give the canvas.'

interface Kind {
  readonly name: string
  readonly remedy: string
  is(bytes: Uint8Array, text: string): boolean
}

const begins =
  (...starts: readonly string[]): Kind['is'] =>
  (bytes) =>
    starts.some((start) => letters(bytes, 0, start.length) === start)

/** Whether the first brand of a file of the ISO base media file format begins with one of these. */
const hasBrand =
  (...brands: readonly string[]): Kind['is'] =>
  (bytes) =>
    letters(bytes, 4, 8) === 'ftyp' && brands.some((brand) => letters(bytes, 8, 12).startsWith(brand))

/**
 * Formats that are recognised, so that the error can name them, but not read. Most browsers read neither TIFF nor HEIC, and sharp does not
 * read BMP. An SVG of a few bytes can take minutes to draw.
 */
const kinds: readonly Kind[] = [
  { name: 'BMP', remedy: convert, is: begins('BM') },
  { name: 'TIFF, or a raw photo based on it', remedy: convert, is: begins('II*\0', 'MM\0*', 'II+\0', 'MM\0+') },
  { name: 'HEIC', remedy: convert, is: hasBrand('hei', 'hev', 'mif1', 'msf1') },
  { name: 'JPEG XL', remedy: convert, is: begins('\xff\x0a', '\0\0\0\x0cJXL ') },
  { name: 'JPEG 2000', remedy: convert, is: begins('\0\0\0\x0cjP  ', '\xff\x4f\xff\x51') },
  { name: 'ICO', remedy: convert, is: begins('\0\0\x01\0', '\0\0\x02\0') },
  { name: 'Photoshop', remedy: convert, is: begins('8BPS') },
  { name: 'PDF', remedy: 'Convert the page to JPEG or PNG.', is: begins('%PDF') },
  { name: 'video', remedy: still, is: (bytes, text) => begins('\x1aE\xdf\xa3')(bytes, text) || letters(bytes, 4, 8) === 'ftyp' },
  { name: 'gzip, which a compressed SVG is', remedy: drawSvg, is: begins('\x1f\x8b') },
  {
    name: 'HTML',
    remedy: 'Check the address: it leads to a web page, not to a picture.',
    is: (_, text) => /^(<!doctype html|<html)/.test(text),
  },
  { name: 'SVG', remedy: drawSvg, is: (_, text) => text.startsWith('<') && text.includes('<svg') },
  { name: 'XML, which an SVG is', remedy: drawSvg, is: (_, text) => /^<[?!]/.test(text) },
]

/** The format of a file that is not read; undefined if it is not recognised. */
const kindOf = (bytes: Uint8Array): Kind | undefined => {
  const text = textOf(bytes)
  return kinds.find(({ is }) => is(bytes, text))
}

/** Whether a file of none of `pictureFormats` may be an SVG: it is one, or it is XML or gzip, which may contain one. */
export const maybeSvg = (bytes: Uint8Array): boolean => kindOf(bytes)?.remedy === drawSvg

/** The error for a file whose format is not read. No decoder has seen it. */
export function unknownFormat(bytes: Uint8Array, where: string, formats: readonly string[]): MobileNetV2Error {
  if (bytes.length === 0) {
    return new MobileNetV2Error('IMAGE', 'A picture file is empty.', { where, expected: 'a picture file', got: '0 bytes' })
  }
  const kind = kindOf(bytes)
  return new MobileNetV2Error(
    'IMAGE',
    kind === undefined ? 'A file is not a picture that can be read.' : 'A picture has a format that is not read.',
    {
      where,
      expected: aFileOf(formats),
      got: kind === undefined ? beginning(bytes) : `${kind.name}: ${beginning(bytes)}`,
      remedy: kind?.remedy ?? convert,
    },
  )
}

/** The error for a JPEG with more than `mostScans` or `mostSegments`. */
export function tooManyParts({ scans, segments }: JpegHeader, where: string): MobileNetV2Error {
  return new MobileNetV2Error('IMAGE', 'A JPEG has too many scans or segments: decoding it would take very long.', {
    where,
    expected: `at most ${mostScans} scans and ${mostSegments} segments`,
    got: `at least ${scans} scans and ${segments} segments`,
    remedy: 'Save the picture again, as a baseline JPEG or as PNG.',
  })
}
