import { shortened } from './errors.js'

/** How many errors of a chain of causes are read. Node's `fetch` wraps a failure once or twice. */
const deepest = 5

/** How many characters of each message are read. A server that is not trusted may have written it. */
const longestMessage = 1000

interface Said {
  readonly message: string
  readonly cause: unknown
}

function saidBy(error: object): Said {
  const { message, code, errors, cause } = error as Partial<Record<'message' | 'code' | 'errors' | 'cause', unknown>>
  // If every address of a host failed, the error has no message of its own, but one for each address.
  const parts = Array.isArray(errors) && !message ? errors.map((each) => String(each?.message ?? each)).join(', ') : ''
  return { message: String(parts || message || code || '').slice(0, longestMessage), cause }
}

/**
 * The message of an error and of its causes, in one line: `fetch failed: connect ECONNREFUSED 127.0.0.1:80`. It has at most 300
 * characters; of a longer one the two ends are kept. An error of another realm, which is no `instanceof Error`, is read too. Any other
 * value is turned into text.
 * @internal
 */
export function messageOf(error: unknown): string {
  const said: string[] = []
  let at = error
  for (let depth = 0; depth < deepest && typeof at === 'object' && at !== null; depth++) {
    const { message, cause } = saidBy(at)
    if (message !== '' && !said.some((earlier) => earlier.includes(message))) said.push(message)
    at = cause
  }
  const text = said.length > 0 ? said.join(': ') : String(error).slice(0, longestMessage)
  return shortened(text.replace(/\s*\n\s*/g, ' '))
}
