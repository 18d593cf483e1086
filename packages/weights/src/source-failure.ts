// Errors of sources. This file is imported lazily, because most sources can be read.
import { brandOf, type Global, MobileNetV2Error, messageOf } from '@mobilenetv2/spec'
import { systemError } from '@mobilenetv2/spec/system-errors'

/** What to do about a failure, by what its error or one of its causes says. The first row that fits holds. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [/fetch is not/, "This engine has no fetch: give the file's bytes, or the option fetch."],
  [/ENOTFOUND|EAI_AGAIN/, "Check the name of the server, and this machine's network."],
  [
    /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|Timeout/i,
    'The server does not answer: check its address and port, and whether a firewall or proxy is between.',
  ],
  [
    /certificate|\bCERT_|SSL|TLS|EPROTO/i,
    'The secure connection fails: check the address. NODE_EXTRA_CA_CERTS names a file with the certificates of an authority of your own.',
  ],
  [
    /header check|unexpected end of file|incorrect data check|invalid (distance|block|stored|code|literal)|decompress/i,
    'The server says that it compresses the file, and sends it damaged: load it again, or from another address.',
  ],
  [/ECONNRESET|EPIPE|other side closed|terminated|UND_ERR_SOCKET|network error/i, 'The connection was cut: try again.'],
  [/redirect/i, 'Give the address that the redirects lead to.'],
  [/ENXIO|EAGAIN|socket/i, 'Give a file, a pipe, or bytes.'],
  [/locked|disturbed/i, 'A stream or response can be read once: fetch it again.'],
]

/**
 * The error for a source that cannot be read.
 * @param where its path or address, if it has one
 * @param loaded bytes that had come before
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

/** What an error says about the status of a response. */
export function statusOf({ status, statusText }: Global<'Response'>): string {
  return `HTTP status ${status} ${statusText}`.trim()
}

function remedyOf(status: number): string {
  if (status === 401 || status === 403 || status === 407) return 'Check whether the address needs a login or a token.'
  if (status === 408 || status === 429 || status >= 500) return 'The server cannot answer now: try again later.'
  if (status === 0) return "Fetch it in another mode than no-cors, or give the file's bytes."
  return 'Check the address: the server has no such file there.'
}

/** The error for a response that does not bring the file. */
export function badStatus(response: Global<'Response'>, where: string | undefined): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', 'The file was not sent.', {
    where,
    expected: 'the whole file, with HTTP status 200',
    got: statusOf(response),
    remedy: remedyOf(response.status),
  })
}

/** The error for a source that is longer than what is read. */
export function tooLong(longest: number, got: string, where: string | undefined): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', 'The file is too long.', {
    where,
    expected: `at most ${longest} bytes`,
    got,
    remedy: 'Check that it is the file that is meant.',
  })
}

/** The error for a value that holds no bytes. */
export function notASource(source: unknown): MobileNetV2Error {
  return new MobileNetV2Error('SOURCE', 'A file cannot be read from this.', {
    expected: 'the bytes of a file, a Blob or File, a Response, or a stream of bytes',
    got: brandOf(source),
  })
}
