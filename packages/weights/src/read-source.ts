import { type Global, MobileNetV2Error, onAbort } from '@mobilenetv2/spec'
import { CheckpointError } from './checkpoint-error.js'

/** What is used of a stream: it gives bytes, and no text. */
interface ByteStream {
  getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }> }
}

/** What a checkpoint can be read from: its bytes, or what `fetch` and files give while they are still coming. */
export type CheckpointSource = Uint8Array | Global<'Response'> | (Global<'ReadableStream'> & ByteStream)

/** How much of a file has come, in bytes; `total` is null if the length is not known. */
export interface ReadProgress {
  readonly loaded: number
  readonly total: number | null
}

/** How a source is read. */
export interface ReadSourceOptions {
  /** Called after each piece that comes of a response or stream. */
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined
  /** Ends the reading of a response or stream early with the signal's reason. */
  readonly signal?: Global<'AbortSignal'> | undefined
}

/** The widest MobileNetV2 that can be defined, 8 times the published one, takes 0.9 GB as float32. */
const longest = 2 ** 30

/** The longest file of a length that is not known beforehand: no published MobileNetV2 takes a tenth of it. */
const longestUnknown = 2 ** 28

/** A claimed length is believed up to here before any of it has come. */
const largestTrusted = 2 ** 26

function tooLong(limit: number, got: string): CheckpointError {
  return new CheckpointError('The file is longer than any MobileNetV2.', { expected: `at most ${limit} bytes`, got })
}

/** The length that a response claims; null if it claims none, or claims the length of its compressed form. */
function claimedLength({ headers }: Response): number | null {
  const length = headers.get('content-length')
  const encoding = headers.get('content-encoding')
  if (length === null || !/^\d+$/.test(length) || (encoding !== null && encoding !== 'identity')) return null
  return Number(length)
}

/** Pieces that come one after the other, and are one array at the end. */
function gather(claimed: number | null): { readonly length: number; add(piece: Uint8Array): void; finish(): Uint8Array } {
  /** Holds the file from its start, if its length is known. What comes beyond that is kept in pieces. */
  const first = new Uint8Array(Math.min(claimed ?? 0, largestTrusted))
  const more: Uint8Array[] = []
  let length = 0
  return {
    get length() {
      return length
    },
    add(piece) {
      const room = piece.subarray(0, Math.max(0, first.length - length))
      if (room.length > 0) first.set(room, length)
      if (room.length < piece.length) more.push(piece.slice(room.length))
      length += piece.length
    },
    finish() {
      if (more.length === 0) return length === first.length ? first : first.slice(0, length)
      const whole = new Uint8Array(length)
      whole.set(first)
      let at = first.length
      for (let piece = more.shift(); piece !== undefined; piece = more.shift()) {
        whole.set(piece, at)
        at += piece.length
      }
      return whole
    },
  }
}

async function readStream(
  stream: ReadableStream<Uint8Array>,
  claimed: number | null,
  { onProgress, signal }: ReadSourceOptions,
): Promise<Uint8Array> {
  if (claimed !== null && claimed > longest) {
    await stream.cancel()
    throw tooLong(longest, String(claimed))
  }
  const reader = stream.getReader()
  const leave = onAbort(signal, () => void reader.cancel(signal?.reason).catch(() => undefined))
  try {
    const pieces = gather(claimed)
    for (;;) {
      signal?.throwIfAborted()
      const { done, value } = await reader.read()
      signal?.throwIfAborted()
      if (done) return pieces.finish()
      // If CORS hides Content-Encoding, Content-Length may be the compressed length, and more bytes arrive than it says.
      const isKnown = claimed !== null && pieces.length + value.length <= claimed
      const limit = isKnown ? longest : longestUnknown
      if (pieces.length + value.length > limit) throw tooLong(limit, 'more, of a length that is not known')
      pieces.add(value)
      onProgress?.({ loaded: pieces.length, total: isKnown ? claimed : null })
    }
  } catch (error) {
    void reader.cancel(error).catch(() => undefined)
    throw error
  } finally {
    leave()
    reader.releaseLock()
  }
}

/**
 * All bytes of a source. If the length is known, the bytes are written into one array as they come. If not, the pieces are kept and
 * joined at the end.
 * @throws CheckpointError if it is longer than any MobileNetV2 (256 MiB if its length is not known beforehand, else 1 GiB);
 * MobileNetV2Error `SOURCE` if a response is an error; the signal's reason; what the stream itself throws
 */
export async function readSource(source: CheckpointSource, options: ReadSourceOptions): Promise<Uint8Array> {
  // A plain Uint8Array on the same memory: `slice` of a Node Buffer shares memory, `slice` of a Uint8Array copies.
  if (source instanceof Uint8Array) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
  if (source instanceof ReadableStream) return readStream(source, null, options)
  if (!source.ok) {
    throw new MobileNetV2Error('SOURCE', 'The file was not sent.', {
      where: source.url,
      got: `${source.status} ${source.statusText}`,
    })
  }
  return source.body === null ? new Uint8Array() : readStream(source.body, claimedLength(source), options)
}
