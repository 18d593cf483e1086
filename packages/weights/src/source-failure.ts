// Errors of sources. This file is imported lazily, because most sources can be read.
import { brandOf, type Global, MobileNetV2Error, messageOf } from '@mobilenetv2/spec'
import { systemError } from '@mobilenetv2/spec/system-errors'

/** What to do about a failure, by the text of its error and of its causes. The first row that matches is taken. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [/fetch is not/, "There is no fetch here: give the file's bytes, or the option fetch."],
  [/ENOTFOUND|EAI_AGAIN/, "Check the name of the server, and this machine's network connection."],
  [
    /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|Timeout/i,
    'The server does not answer: check its address and port, and whether a firewall or proxy blocks the connection.',
  ],
  [
    /certificate|\bCERT_|SSL|TLS|EPROTO/i,
    'The secure connection fails: check the address. If the server has a certificate of your own authority, name its file in NODE_EXTRA_CA_CERTS.',
  ],
  [
    /header check|unexpected end of file|incorrect data check|invalid (distance|block|stored|code|literal)|decompress/i,
    'The compressed file that the server sends is damaged: load it again, or from another address.',
  ],
  [/ECONNRESET|EPIPE|other side closed|terminated|UND_ERR_SOCKET|network error/i, 'The connection was interrupted: try again.'],
  [/redirect/i, 'Give the address that the redirects lead to.'],
  [/ENXIO|EAGAIN|socket/i, 'Give a file, a pipe, or bytes.'],
  [/locked|disturbed/i, 'A stream or response can be read only once: fetch it again.'],
]

/**
 * The error, with the code `SOURCE`, for a source that cannot be read.
 * @param where its path or address, if it has one
 * @param loaded number of bytes that had been read before
 * @internal
 */
export function unreadable(where: string | undefined, cause: unknown, loaded = 0): MobileNetV2Error {
  const system = systemError(cause)
  const message = system.remedy === undefined ? messageOf(cause) : system.got
  const codes = [cause, (cause as { readonly cause?: unknown } | null)?.cause].map((at) => (at as { code?: unknown } | null)?.code)
  const text = [message, ...codes].join(' ')
  return new MobileNetV2Error('SOURCE', 'A file cannot be read.', {
    where,
    got: loaded > 0 ? `${message}, after ${loaded} bytes` : message,
    remedy:
      system.remedy ??
      remedies.find(([pattern]) => pattern.test(text))?.[1] ??
      'Give the path or URL of a file that exists and may be read.',
    cause,
  })
}

/**
 * The status of a response as errors state it.
 * @internal
 */
export function statusOf({ status, statusText }: Global<'Response'>): string {
  return `HTTP status ${status} ${statusText}`.trim()
}

function remedyOf(status: number): string {
  if (status === 401 || status === 403 || status === 407) return 'Check whether the address needs a login or a token.'
  if (status === 408 || status === 429 || status >= 500) return 'The server cannot answer now: try again later.'
  if (status === 0) return "Fetch it with another mode than no-cors, or give the file's bytes."
  return 'Check the address: the server has no such file there.'
}

/**
 * The error, with the code `SOURCE`, for a response that does not contain the file.
 * @internal
 */
export function badStatus(response: Global<'Response'>, where: string | undefined): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', 'The server did not send the file.', {
    where,
    expected: 'the whole file, with HTTP status 200',
    got: statusOf(response),
    remedy: remedyOf(response.status),
  })
}

/**
 * The error, with the code `SOURCE`, for a source that is longer than is allowed.
 * @internal
 */
export function tooLong(longest: number, got: string, where: string | undefined): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', 'The file is too long.', {
    where,
    expected: `at most ${longest} bytes`,
    got,
    remedy: 'Check that it is the file that you mean.',
  })
}

/**
 * The error, with the code `SOURCE`, for a value from which no bytes can be read.
 * @internal
 */
export function notASource(source: unknown): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', 'A file cannot be read from this value.', {
    expected: 'the bytes of a file, a Blob or File, a Response, or a stream of bytes',
    got: brandOf(source),
  })
}
