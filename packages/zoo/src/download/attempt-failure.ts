import { messageOf } from '@mobilenetv2/spec'

/** Why one attempt at one address failed, and whether another one may go better. */
export class AttemptFailure extends Error {
  override readonly name = 'AttemptFailure'
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

/** `Retry-After` in milliseconds from now: seconds or a date (RFC 9110, section 10.2.3); 0 where there is none. */
function retryAfterOf(headers: Headers): number {
  const text = headers.get('retry-after')
  if (text === null) return 0
  const milliseconds = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now()
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : 0
}

/** What a status other than success means. */
export function statusFailure({ status, statusText, headers }: Response): AttemptFailure {
  const mayPass = status === 408 || status === 429 || status >= 500
  return new AttemptFailure(`HTTP status ${status} ${statusText}`.trim(), { mayPass, waitMs: retryAfterOf(headers) })
}

/** What an error of `fetch` or of reading a body means. A redirect that is refused is refused again. */
export function networkFailure(error: unknown): AttemptFailure {
  if (error instanceof AttemptFailure) return error
  const reason = messageOf(error)
  return new AttemptFailure(reason, { mayPass: !/redirect/i.test(reason), cause: error })
}
