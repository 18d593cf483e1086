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

/** What is used of a stream: it gives bytes, and no text. */
interface ByteStream {
  getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }> }
}

/** What bytes can be read from: themselves, a `Blob`, and what `fetch` and files give while they are still coming. */
export type ByteSource = Bytes | Global<'Blob' | 'Response'> | (Global<'ReadableStream'> & ByteStream)

/** How much of a file has come, in bytes; `total` is null if the length is not known. */
export interface ReadProgress {
  readonly loaded: number
  readonly total: number | null
}

/** How a source is read. */
export interface ReadSourceOptions {
  /** Called after each piece that comes of a Blob, response or stream. */
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined
  /** Ends the reading of a Blob, response or stream early with the signal's reason. */
  readonly signal?: Global<'AbortSignal'> | undefined
}

/** How much of a source is read, and what errors call it. */
export interface SourceLimits {
  /** The most bytes; at most 256 MiB if the length of the source is not known. */
  readonly longest: number
  readonly where?: string | undefined
  /** The length that is claimed for a stream, in bytes; null unless given. */
  readonly claimed?: number | null | undefined
}

/** The longest file of a model: 1 GiB. The widest MobileNetV2 that can be defined, 8 times the published one, takes 0.9 GB as float32. */
export const longestModel: number = 2 ** 30

/** The longest file of a picture: 256 MiB, as 64 megapixels take with 4 bytes each. */
export const longestPicture: number = 2 ** 28

/** The longest file of a length that is not known beforehand: 256 MiB. No published MobileNetV2 takes a tenth of it. */
const longestUnknown = 2 ** 28

/** The length that a response claims; null if it claims none, or claims the length of its compressed form. */
function claimedLength({ headers }: Response): number | null {
  const length = headers.get('content-length')
  const encoding = headers.get('content-encoding')
  if (length === null || !/^\d+$/.test(length) || (encoding !== null && encoding !== 'identity')) return null
  return Number(length)
}

/** Errors are imported lazily, because most files can be read. */
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
      // If CORS hides Content-Encoding, Content-Length may be the compressed length, and more bytes arrive than it says.
      const isKnown = claimed !== null && loaded <= claimed
      const limit = isKnown ? longest : Math.min(longest, longestUnknown)
      if (loaded > limit) await refuseLength(limit, 'more than that', where)
      pieces.add(value)
      onProgress?.({ loaded, total: isKnown ? claimed : null })
    }
  } catch (error) {
    // What feeds the stream is told to stop. Nobody waits for it: a server that has stalled may never answer.
    reader?.cancel(error).catch(() => undefined)
    signal?.throwIfAborted()
    if (error instanceof MobileNetV2Error) throw error
    throw (await failures()).unreadable(where, error, loaded)
  }
}

async function readResponse(response: Response, options: ReadSourceOptions, limits: SourceLimits): Promise<UnsharedBytes> {
  const { ok, status, body, url } = response
  const where = limits.where ?? (url === '' ? undefined : url)
  // 206 is a part of a file that nobody asked for. 204 and 205 say that there is none.
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
  // jsdom's have no `stream`, and older ones no `arrayBuffer`.
  if (typeof blob.stream === 'function') return readStream(blob.stream(), options, { ...limits, claimed: size })
  try {
    return await abortable((await import('./read-plain-blob.js')).readPlainBlob(blob), options.signal)
  } catch (error) {
    options.signal?.throwIfAborted()
    throw (await failures()).unreadable(limits.where, error)
  }
}

/** Whether a value is a `Blob` or a `File`, of whatever realm. */
export function isBlob(value: unknown): value is Global<'Blob'> {
  return ['Blob', 'File'].includes(brandOf(value))
}

/** Whether bytes can be read from a value. */
export function isByteSource(value: unknown): value is ByteSource {
  return isBytes(value) || isBlob(value) || ['Response', 'ReadableStream'].includes(brandOf(value))
}

/**
 * All bytes of a source, in an array that nobody else holds. Bytes are copied before this returns its promise. If the length is known, the
 * bytes are written into one array as they come; if not, the pieces are kept and joined at the end.
 * @throws MobileNetV2Error `SOURCE` if it is too long (at most 256 MiB of an unknown length), if a response is an error, or if it ends
 * early; the signal's reason
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
