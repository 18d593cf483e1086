import {
  abortable,
  type Bytes,
  brandOf,
  copyBytes,
  type Global,
  isBytes,
  MobileNetV2Error,
  type UnsharedBytes,
} from '@mobilenetv2/spec'
import { gatherPieces } from './gather-pieces.js'

/** A stream of bytes: the part of its interface that is used. */
interface ByteStream {
  getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }> }
}

/** What the bytes of a file can be read from: bytes in memory, a `Blob` or `File`, a `Response` of `fetch`, or a stream of bytes. */
export type ByteSource = Bytes | Global<'Blob' | 'Response'> | (Global<'ReadableStream'> & ByteStream)

/** How much of a file has been read. */
export interface ReadProgress {
  /** Number of bytes that have been read. */
  readonly loaded: number
  /** Length of the file; null if it is not known. */
  readonly total: number | null
}

/** The options of everything that reads a source. */
export interface ReadSourceOptions {
  /** Called after each chunk of a Blob, response or stream. */
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined
  /** When it is aborted, reading a Blob, response or stream rejects with its reason. */
  readonly signal?: Global<'AbortSignal'> | undefined
}

/** How much of a source is read, and what errors call it. */
export interface SourceLimits {
  /** The most bytes. If the length of the source is not known, at most 256 MiB are read. */
  readonly longest: number
  /** The path or address of the source, for errors. */
  readonly where?: string | undefined
  /** The length that is claimed for a stream, in bytes; null unless given. */
  readonly claimed?: number | null | undefined
}

/**
 * The most bytes of a model's file: 1 GiB. The widest MobileNetV2 that can be defined, at 8 times the published width, has 0.9 GB as
 * float32.
 */
export const longestModel: number = 2 ** 30

/** The most bytes of a picture's file: 256 MiB, which are 64 megapixels of 4 bytes. */
export const longestPicture: number = 2 ** 28

/** The most bytes of a file whose length is not known beforehand: 256 MiB, ten times a published MobileNetV2. */
const longestUnknown = 2 ** 28

/** The length that a response claims; null if it claims none, or the length of the compressed file. */
function claimedLength({ headers }: Response): number | null {
  const length = headers.get('content-length')
  const encoding = headers.get('content-encoding')
  if (length === null || !/^\d+$/.test(length) || (encoding !== null && encoding !== 'identity')) return null
  return Number(length)
}

/** The errors are imported lazily, because most files can be read. */
const failures = () => import('./source-failure.js')

async function refuseLength(limit: number, got: string, where: string | undefined): Promise<never> {
  throw (await failures()).tooLong(limit, got, where)
}

async function readStream(
  stream: ReadableStream<Uint8Array>,
  { onProgress, signal }: ReadSourceOptions,
  { longest, claimed = null, where }: SourceLimits,
): Promise<UnsharedBytes> {
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null
  let loaded = 0
  try {
    reader = stream.getReader()
    if (claimed !== null && claimed > longest) await refuseLength(longest, `${claimed} bytes`, where)
    const pieces = gatherPieces(claimed ?? 0)
    for (;;) {
      signal?.throwIfAborted()
      const { done, value } = await abortable(reader.read(), signal)
      if (done) return pieces.finish()
      if (!isBytes(value)) throw new TypeError(`the stream gives ${brandOf(value)}, not bytes`)
      loaded += value.byteLength
      // If CORS hides Content-Encoding, Content-Length may be the length of the compressed file, and more bytes arrive than it states.
      const isKnown = claimed !== null && loaded <= claimed
      const limit = isKnown ? longest : Math.min(longest, longestUnknown)
      if (loaded > limit) await refuseLength(limit, 'more than that', where)
      pieces.add(value)
      onProgress?.({ loaded, total: isKnown ? claimed : null })
    }
  } catch (error) {
    // Cancelling is not awaited, because a server that has stalled may never answer.
    reader?.cancel(error).catch(() => undefined)
    signal?.throwIfAborted()
    if (error instanceof MobileNetV2Error) throw error
    throw (await failures()).unreadable(where, error, loaded)
  }
}

async function readResponse(response: Response, options: ReadSourceOptions, limits: SourceLimits): Promise<UnsharedBytes> {
  const { ok, status, body, url } = response
  const where = limits.where ?? (url === '' ? undefined : url)
  // 206 is a part of a file, which was not asked for. 204 and 205 are responses without a file.
  if (!ok || [204, 205, 206].includes(status)) {
    body?.cancel().catch(() => undefined)
    throw (await failures()).badStatus(response, where)
  }
  if (body === null) return new Uint8Array()
  return readStream(body, options, { ...limits, where, claimed: claimedLength(response) })
}

async function readBlob(blob: Blob, options: ReadSourceOptions, limits: SourceLimits): Promise<UnsharedBytes> {
  const { size } = blob
  if (size > limits.longest) return refuseLength(limits.longest, `${size} bytes`, limits.where)
  // A Blob of jsdom has no `stream`, and one of an older jsdom no `arrayBuffer`.
  if (typeof blob.stream === 'function') return readStream(blob.stream(), options, { ...limits, claimed: size })
  try {
    return await abortable((await import('./read-plain-blob.js')).readPlainBlob(blob), options.signal)
  } catch (error) {
    options.signal?.throwIfAborted()
    throw (await failures()).unreadable(limits.where, error)
  }
}

/**
 * Whether a value is a `Blob` or a `File`, also of another realm.
 * @internal
 */
export function isBlob(value: unknown): value is Global<'Blob'> {
  return ['Blob', 'File'].includes(brandOf(value))
}

/**
 * Whether a value is a `ByteSource`, also of another realm.
 * @internal
 */
export function isByteSource(value: unknown): value is ByteSource {
  return isBytes(value) || isBlob(value) || ['Response', 'ReadableStream'].includes(brandOf(value))
}

/**
 * Reads all bytes of a source into new memory. Bytes in memory are copied before the promise is returned. If the length is known, chunks
 * are written into one array when they arrive; if not, they are joined at the end.
 * @throws MobileNetV2Error `SOURCE` if the source is too long, if a response is an error, or if it ends early
 * @throws the signal's reason if the signal is aborted
 * @internal
 */
export async function readSource(source: ByteSource, options: ReadSourceOptions, limits: SourceLimits): Promise<UnsharedBytes> {
  if (isBytes(source)) {
    if (source.byteLength > limits.longest) return refuseLength(limits.longest, `${source.byteLength} bytes`, limits.where)
    return copyBytes(source)
  }
  switch (brandOf(source)) {
    case 'Response':
      return readResponse(source as Response, options, limits)
    case 'ReadableStream':
      return readStream(source as ReadableStream<Uint8Array>, options, limits)
    default:
      return readBlob(source as Blob, options, limits)
  }
}
