import type { Size } from '@mobilenetv2/spec'
import { readJpeg } from './jpeg.js'
import { pngSize } from './png.js'

/** A format of picture files. */
export interface PictureFormat {
  /** What the format is called. */
  readonly name: 'JPEG' | 'PNG' | 'WebP' | 'GIF' | 'AVIF'
  /** The endings of the names of such files, in lower case, with the dot. */
  readonly extensions: readonly string[]
  /** Matches the first bytes of such a file, read as one character for each byte. */
  readonly begins: RegExp
  /**
   * The size that the header states, before the picture is turned; undefined if the header is incomplete. It lets a picture that is too
   * large be refused before it is decoded.
   */
  size(bytes: Uint8Array): Promise<Size | undefined>
}

/** The code of the formats other than JPEG and PNG, which is loaded when it is needed. */
export const otherFormats = (): Promise<typeof import('./other-formats.js')> => import('./other-formats.js')

/**
 * The formats that are read, in Node and in browsers alike. A file of any other format is refused before a decoder sees it. AVIF and HEIC
 * have the same container: the brands in its first box tell them apart.
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

/** The format that the first bytes of a file show; undefined if it is not read. */
export function formatOf(bytes: Uint8Array): PictureFormat | undefined {
  // An AVIF begins with the length of its first box. The first bytes of the other formats, read as a length, are more than 64.
  const length = bytes.length < 4 ? 4 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  const first = String.fromCharCode(...bytes.subarray(0, Math.min(64, length)))
  return pictureFormats.find(({ begins }) => begins.test(first))
}
