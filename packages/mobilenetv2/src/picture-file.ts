import { brandOf, type Global } from '@mobilenetv2/spec'
import { type ByteSource, isBlob, isByteSource, longestPicture, readSource } from '@mobilenetv2/weights'
import { isAddress, readBytes } from './read-bytes.js'

/** The file of a picture: its path or URL, or the file itself (bytes, `Blob`, `File`, `Response`, stream). */
export type PictureFile = string | Global<'URL'> | ByteSource

/** A file that later changes of the caller do not affect. */
export interface TakenFile {
  /** Its name, for errors; undefined if it has none. */
  readonly file: string | undefined
  /**
   * Its bytes, at most 256 MiB.
   * @throws MobileNetV2Error `SOURCE` if they cannot be read; the signal's reason
   */
  read(): Promise<Uint8Array>
}

function isUrl(source: unknown): source is Global<'URL'> {
  return brandOf(source) === 'URL'
}

export function isPictureFile(source: unknown): source is PictureFile {
  return typeof source === 'string' || isUrl(source) || isByteSource(source)
}

/**
 * Takes a file as it is now. Bytes are copied. A URL, a response and a stream are read at once, so that a slow server delays no other
 * picture. A local file and a Blob are read only by `read`, so that their bytes need no memory before.
 * @throws MobileNetV2Error `SOURCE` if a URL, a response or a stream cannot be read; the signal's reason
 */
export async function takeFile(source: PictureFile, signal?: Global<'AbortSignal'>): Promise<TakenFile> {
  if (typeof source === 'string' || isUrl(source)) {
    const file = String(source)
    const read = (): Promise<Uint8Array> => readBytes(file, longestPicture, { signal })
    if (!isAddress(file)) return { file, read }
    const bytes = await read()
    return { file, read: async () => bytes }
  }
  const name = 'url' in source ? source.url : 'name' in source ? String(source.name) : ''
  const file = name === '' ? undefined : name
  const read = (): Promise<Uint8Array> => readSource(source, { signal }, { longest: longestPicture, where: file })
  if (isBlob(source)) return { file, read }
  const bytes = await read()
  return { file, read: async () => bytes }
}
