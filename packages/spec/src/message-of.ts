import { shortened } from './errors.js'

/** How many causes are followed. Node's `fetch` wraps a failure once or twice. */
const deepest = 5

/** What is read of each message, in characters. A stranger's server may have written it. */
const longestMessage = 1000

interface Said {
  readonly message: string
  readonly cause: unknown
}

function saidBy(error: object): Said {
  const { message, code, errors, cause } = error as Partial<Record<'message' | 'code' | 'errors' | 'cause', unknown>>
  // A failure at each of several addresses of a host says nothing itself.
  const parts = Array.isArray(errors) && !message ? errors.map((each) => String(each?.message ?? each)).join(', ') : ''
  return { message: String(parts || message || code || '').slice(0, longestMessage), cause }
}

/**
 * What an error says, with its causes: `fetch failed: connect ECONNREFUSED 127.0.0.1:80`. An error can be of another realm, where
 * `instanceof Error` says no. A value that is no error is turned into text. One line, at most 300 characters: of a longer
 * text the two ends.
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
