import { systemCode, systemError } from '@mobilenetv2/spec/system-errors'
import { errorText } from './error-text.js'

/** Writes one or more lines to the standard output. Text from files, servers and arguments must have passed `printable` before. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** As `print`, to the standard error. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Prints an error. The process goes on, and will end with status 1. */
export function report(error: unknown): void {
  process.exitCode = 1
  say(errorText(error))
}

/** Ends the process without a stack trace if the standard output can no longer be written. */
export function watchOutput(): void {
  process.stdout.on('error', (error) => {
    // A reader that closes the pipe early, such as `head`, is not an error.
    if (systemCode(error) === 'EPIPE') process.exit()
    say(`The output cannot be written to the standard output: ${systemError(error).got}.`)
    process.exit(1)
  })
  // If errors cannot be printed, the work still goes on.
  process.stderr.on('error', () => {})
}
