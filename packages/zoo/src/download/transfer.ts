import { abortable, type Global } from '@mobilenetv2/spec'
import type { PartialFile } from '../store/store.js'
import { AttemptFailure, networkFailure, statusFailure } from './attempt-failure.js'
import type { Fetch } from './fetch.js'
import { watchStalls } from './stall-watch.js'

/** How far a download has come. */
export interface DownloadProgress {
  /** Number of bytes that have arrived. */
  readonly loaded: number
  /** Length of the file; null if it is not known. */
  readonly total: number | null
}

/** Most bytes of a file whose length the server does not state: 256 MiB, ten times a published MobileNetV2. */
const longestUnknown = 2 ** 28

/** The options of one attempt. */
export interface TransferOptions {
  readonly fetch: Fetch
  /** The length that the file must have; null if any is right. */
  readonly bytes: number | null
  /** The most bytes of the file if `bytes` is null. If the server does not state the length, at most 256 MiB are read. */
  readonly mostBytes: number
  /** The longest time, in milliseconds, in which the server may send nothing. */
  readonly longestStall: number
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined
  readonly signal?: Global<'AbortSignal'> | undefined
}

/** The ETag, if it is a strong one: files with the same strong ETag have the same bytes. A weak one is `W/"…"`. */
function strongEtag(headers: Headers): string | null {
  const etag = headers.get('etag')
  return etag?.startsWith('"') ? etag : null
}

/** Length of the whole file, if the response states it. The `Content-Length` of a compressed body is not the file's. */
function totalOf({ status, headers }: Response): number | null {
  const text = status === 206 ? headers.get('content-range')?.split('/')[1] : headers.get('content-length')
  return text && /^\d+$/.test(text) && !headers.get('content-encoding') ? Number(text) : null
}

/** Whether the response continues the same file where the partial file ends. */
function continues({ headers }: Response, partial: PartialFile): boolean {
  const start = headers.get('content-range')?.match(/^bytes (\d+)-/)?.[1]
  return Number(start) === partial.length && strongEtag(headers) === partial.validator?.etag
}

/** Turns an error of the network into an `AttemptFailure`. Errors of the store, such as a full disk, are thrown as they are. */
async function onNetwork<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise
  } catch (error) {
    throw networkFailure(error)
  }
}

async function request(url: string, partial: PartialFile, fetch: TransferOptions['fetch'], signal: AbortSignal): Promise<Response> {
  const resumable = partial.length > 0 && partial.validator?.etag != null && partial.validator.url === url
  // There is no `If-Range` header, because browsers would send a preflight request first if the server is of another site. The ETag of the
  // response tells as well whether the file is still the same.
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
  // A `fetch` of the caller may ignore the signal.
  const next = (): ReturnType<typeof reader.read> => onNetwork(abortable(reader.read(), signal))
  try {
    for (let read = await next(); !read.done; read = await next()) await onChunk(read.value)
  } catch (error) {
    reader.cancel(error).catch(() => undefined)
    throw error
  }
}

/**
 * Makes one attempt: requests the file, or the part that is missing, and appends the bytes until the file is complete.
 * @throws AttemptFailure if it fails
 * @throws the signal's reason if the signal is aborted
 */
export async function transfer(url: string, partial: PartialFile, options: TransferOptions): Promise<void> {
  const { bytes, mostBytes, longestStall, onProgress, signal: user } = options
  user?.throwIfAborted()
  const watch = watchStalls(longestStall, user)
  try {
    const response = await request(url, partial, options.fetch, watch.signal)
    watch.touch()
    const total = totalOf(response)
    /**
     * The most bytes of a file that has at least `length`. If `length` is more than the server states, the file's length counts as
     * unknown.
     */
    const mostOf = (length: number): number => bytes ?? (length <= (total ?? 0) ? mostBytes : Math.min(mostBytes, longestUnknown))
    const refuseLength = (length: number | string, most: number): AttemptFailure =>
      new AttemptFailure(`the file has ${length} bytes, expected ${bytes === null ? 'at most ' : ''}${most}`, {
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
