import { debuglog } from 'node:util'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { systemCode, systemError } from '@mobilenetv2/spec/system-errors'
import { printable, printableBut } from './printable.js'

const debug = debuglog('mobilenetv2')

/** The most characters of a message that is not this project's: such a message may quote a whole file. */
const longest = 500

/** The message with its details escaped: a detail may quote a file, and a line break in it would look like a line of the message. */
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

/** An error of another thread. Only text passes between threads, so its message is the `errorText` that the other thread made. */
export class JobError extends Error {
  /** The code of the other thread's error; undefined if it had none. */
  readonly code: string | undefined

  constructor(message: string, code: string | undefined) {
    super(message)
    this.code = code
  }
}

/**
 * The text of an error on the command line. An unexpected error gives one line; with `NODE_DEBUG=mobilenetv2` in the environment its stack
 * is printed too.
 */
export function errorText(error: unknown): string {
  if (error instanceof JobError) return error.message
  if (error instanceof MobileNetV2Error) return printableMessage(error)
  if (error instanceof Error) debug('%s', printableBut('\n', error.stack ?? ''))
  if (systemCode(error) !== undefined) {
    return printableMessage(new MobileNetV2Error('SOURCE', 'The operating system reports an error.', systemError(error)))
  }
  const unexpected = printable(String(error).slice(0, longest))
  return `${unexpected}\n  what to do: This is an error in mobilenetv2. Please run it again with NODE_DEBUG=mobilenetv2 in the environment, and report the output.`
}
