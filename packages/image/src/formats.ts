import type { Size } from '@mobilenetv2/spec'
import { readJpeg } from './jpeg.js'
import { pngSize } from './png.js'

/** A format of picture files. */
export interface PictureFormat {
  readonly name: 'JPEG' | 'PNG' | 'WebP' | 'GIF' | 'AVIF'
  /** How the names of such files end, in lower case. */
  readonly extensions: readonly string[]
  /** What such files begin with, one letter a byte. */
  readonly begins: RegExp
  /**
   * The size that the header states, orientation not applied; undefined if the header is cut short. With it a picture that is too large
   * is refused before it is decoded: a browser gives the size only afterwards.
   */
  size(bytes: Uint8Array): Promise<Size | undefined>
}

/** What JPEG and PNG do not need. */
export const otherFormats = (): Promise<typeof import('./other-formats.js')> => import('./other-formats.js')

/**
 * The formats that are read, in Node and in browsers alike. A file of any other format is refused before a decoder sees it. AVIF is told
 * by the brands in its first box: HEIC is the same container with other brands.
 */
export const pictureFormats: readonly PictureFormat[] = [
  { name: 'JPEG', extensions: ['.jpg', '.jpeg'], begins: /^\xff\xd8\xff/, size: async (bytes) => readJpeg(bytes).size },
  { name: 'PNG', extensions: ['.png'], begins: /^\x89PNG\r\n.\n/, size: async (bytes) => pngSize(bytes) },
  {
    name: 'WebP',
    extensions: ['.webp'],
    begins: /^RIFF.{4}WEBP/s,
    size: async (bytes) => (await otherFormats()).webpSize(bytes),
  },
  {
    name: 'GIF',
    extensions: ['.gif'],
    begins: /^GIF8[79]a/,
    size: async (bytes) => (await otherFormats()).gifSize(bytes),
  },
  {
    name: 'AVIF',
    extensions: ['.avif'],
    begins: /^.{4}ftyp(.{8}(.{4})*)?avi[fs]/s,
    size: async (bytes) => (await otherFormats()).avifSize(bytes),
  },
]

/** The format of a file, told by its first bytes; undefined if it is none that is read. */
export function formatOf(bytes: Uint8Array): PictureFormat | undefined {
  // The first box of an AVIF begins with its length. Read as a length, the first bytes of the other formats are more than 64.
  const length = bytes.length < 4 ? 4 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  const first = String.fromCharCode(...bytes.subarray(0, Math.min(64, length)))
  return pictureFormats.find(({ begins }) => begins.test(first))
}
