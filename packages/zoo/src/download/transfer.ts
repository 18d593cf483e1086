import { abortable, type Global } from '@mobilenetv2/spec'
import type { PartialFile } from '../store/store.js'
import { AttemptFailure, networkFailure, statusFailure } from './attempt-failure.js'
import type { Fetch } from './fetch.js'
import { watchStalls } from './stall-watch.js'

/** How far a download has come, in bytes. */
export interface DownloadProgress {
  readonly loaded: number
  /** Null where the server does not say. */
  readonly total: number | null
}

/** The longest file of a length that no server has stated: 256 MiB, ten times a published MobileNetV2. */
const longestUnknown = 2 ** 28

/** What one attempt needs to know. */
export interface TransferOptions {
  readonly fetch: Fetch
  /** Length that the file must have, or null. */
  readonly bytes: number | null
  /** If `bytes` is null: the most bytes that are taken; at most 256 MiB if the server does not state the length. */
  readonly mostBytes: number
  readonly longestStall: number
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined
  readonly signal?: Global<'AbortSignal'> | undefined
}

/** An ETag that stands for the very bytes; a weak one, `W/"…"`, does not. */
function strongEtag(headers: Headers): string | null {
  const etag = headers.get('etag')
  return etag?.startsWith('"') ? etag : null
}

/** The file's whole length, where the answer says so: of a compressed body, `Content-Length` is another one. */
function totalOf({ status, headers }: Response): number | null {
  const text = status === 206 ? headers.get('content-range')?.split('/')[1] : headers.get('content-length')
  return text && /^\d+$/.test(text) && !headers.get('content-encoding') ? Number(text) : null
}

/** Whether the answer goes on where the partial file ends, with the same file. */
function continues({ headers }: Response, partial: PartialFile): boolean {
  const start = headers.get('content-range')?.match(/^bytes (\d+)-/)?.[1]
  return Number(start) === partial.length && strongEtag(headers) === partial.validator?.etag
}

/** What the network throws may pass; what the store throws (a full disk) is another matter, and goes on as it is. */
async function onNetwork<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise
  } catch (error) {
    throw networkFailure(error)
  }
}

async function request(url: string, partial: PartialFile, fetch: TransferOptions['fetch'], signal: AbortSignal): Promise<Response> {
  const resumable = partial.length > 0 && partial.validator?.etag != null && partial.validator.url === url
  // Without `If-Range`, which browsers ask a foreign server's leave for: the answer's ETag tells as well whether the file is the same.
  const range = resumable ? { range: `bytes=${partial.length}-` } : {}
  const response = await onNetwork(abortable(fetch(url, { headers: { 'accept-encoding': 'identity', ...range }, signal }), signal))
  if (response.status === 206 && continues(response, partial)) return response
  if (response.status === 200) {
    await partial.restart({ url, etag: strongEtag(response.headers) })
    return response
  }
  response.body?.cancel().catch(() => undefined)
  if (response.status === 206 || response.status === 416) {
    await partial.restart(null)
    throw new AttemptFailure('the file has changed since its download was interrupted', { mayPass: true })
  }
  throw statusFailure(response)
}

async function readBody(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  onChunk: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  const reader = body.getReader()
  // Whoever made the body may not know of the signal.
  const next = (): ReturnType<typeof reader.read> => onNetwork(abortable(reader.read(), signal))
  try {
    for (let read = await next(); !read.done; read = await next()) await onChunk(read.value)
  } catch (error) {
    reader.cancel(error).catch(() => undefined)
    throw error
  }
}

/**
 * One attempt: asks for the file, or for the part that is missing, and appends what comes until all is there.
 * @throws AttemptFailure where it fails; the signal's reason where it was aborted
 */
export async function transfer(url: string, partial: PartialFile, options: TransferOptions): Promise<void> {
  const { bytes, mostBytes, longestStall, onProgress, signal: user } = options
  user?.throwIfAborted()
  const watch = watchStalls(longestStall, user)
  try {
    const response = await request(url, partial, options.fetch, watch.signal)
    watch.touch()
    const total = totalOf(response)
    /** The most bytes if the file has at least `length`: what is more than the server states is of unknown length. */
    const mostOf = (length: number): number => bytes ?? (length <= (total ?? 0) ? mostBytes : Math.min(mostBytes, longestUnknown))
    const refuseLength = (length: number | string, most: number): AttemptFailure =>
      new AttemptFailure(`the file has ${length} bytes, expected were ${bytes === null ? 'at most ' : ''}${most}`, {
        mayPass: false,
      })
    if (total !== null && (total > mostOf(total) || total < (bytes ?? 0))) {
      response.body?.cancel().catch(() => undefined)
      throw refuseLength(total, mostOf(total))
    }
    onProgress?.({ loaded: partial.length, total: bytes ?? total })
    if (response.body !== null) {
      await readBody(response.body, watch.signal, async (chunk) => {
        watch.touch()
        const length = partial.length + chunk.length
        const most = mostOf(length)
        if (length > most) throw refuseLength(`more than ${most}`, most)
        await partial.append(chunk)
        onProgress?.({ loaded: partial.length, total: bytes ?? total })
      })
    }
    const expected = bytes ?? total ?? partial.length
    if (partial.length < expected)
      throw new AttemptFailure(`cut off after ${partial.length} of ${expected} bytes`, { mayPass: true })
  } catch (error) {
    user?.throwIfAborted()
    throw watch.signal.aborted ? watch.signal.reason : error
  } finally {
    watch.stop()
  }
}
