import { messageOf } from '@mobilenetv2/spec'

/** Why one attempt at one address failed. */
export class AttemptFailure extends Error {
  override readonly name = 'AttemptFailure'
  /** Whether another attempt may succeed. */
  readonly mayPass: boolean
  /** How long the server asks to wait before the next attempt, in milliseconds. */
  readonly waitMs: number

  constructor(
    reason: string,
    options: { readonly mayPass: boolean; readonly waitMs?: number | undefined; readonly cause?: unknown },
  ) {
    super(reason, options.cause === undefined ? {} : { cause: options.cause })
    this.mayPass = options.mayPass
    this.waitMs = options.waitMs ?? 0
  }
}

/** The header `Retry-After` as milliseconds from now. It has seconds or a date (RFC 9110, section 10.2.3). 0 if there is none. */
function retryAfterOf(headers: Headers): number {
  const text = headers.get('retry-after')
  if (text === null) return 0
  const milliseconds = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now()
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : 0
}

/** The failure for an HTTP status other than success. */
export function statusFailure({ status, statusText, headers }: Response): AttemptFailure {
  const mayPass = status === 408 || status === 429 || status >= 500
  return new AttemptFailure(`HTTP status ${status} ${statusText}`.trim(), { mayPass, waitMs: retryAfterOf(headers) })
}

/** The failure for an error of `fetch`, or of reading a body. A redirect that was refused would be refused again. */
export function networkFailure(error: unknown): AttemptFailure {
  if (error instanceof AttemptFailure) return error
  const reason = messageOf(error)
  return new AttemptFailure(reason, { mayPass: !/redirect/i.test(reason), cause: error })
}
