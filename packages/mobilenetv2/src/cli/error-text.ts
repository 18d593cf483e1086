import { debuglog } from 'node:util'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { systemCode, systemError } from '@mobilenetv2/spec/system-errors'
import { printable, printableBut } from './printable.js'

const debug = debuglog('mobilenetv2')

/** The longest part of a message that is not this project's: it may hold a whole file. */
const longest = 500

/** The message, whose details may hold what a file says: a line break in a detail would look like a line of the message. */
function printableMessage({ message, details: { where, expected, got, remedy } }: MobileNetV2Error): string {
  let shown = ''
  let rest = message
  for (const detail of [where, expected, got, remedy]) {
    if (detail === undefined) continue
    const begin = rest.indexOf(detail)
    if (begin < 0) return printable(message)
    shown += printableBut('\n', rest.slice(0, begin)) + printable(detail)
    rest = rest.slice(begin + detail.length)
  }
  return shown + printableBut('\n', rest)
}

/** An error of another thread. Between threads all but its text is lost, so its message is the `errorText` of that thread. */
export class JobError extends Error {}

/**
 * What the command line says of an error. An error that nobody foresaw takes one line; `NODE_DEBUG=mobilenetv2` in the environment adds
 * where it was thrown.
 */
export function errorText(error: unknown): string {
  if (error instanceof JobError) return error.message
  if (error instanceof MobileNetV2Error) return printableMessage(error)
  if (error instanceof Error) debug('%s', printableBut('\n', error.stack ?? ''))
  if (systemCode(error) !== undefined) {
    return printableMessage(new MobileNetV2Error('SOURCE', 'The system refuses what mobilenetv2 needs.', systemError(error)))
  }
  const unforeseen = printable(String(error).slice(0, longest))
  return `${unforeseen}\n  what to do: This is an error in mobilenetv2. Please report it, with what NODE_DEBUG=mobilenetv2 adds.`
}
