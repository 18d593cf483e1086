import { systemCode, systemError } from '@mobilenetv2/spec/system-errors'
import { errorText } from './error-text.js'

/** Writes a line or several on the standard output. What comes from files, servers and arguments must be `printable` already. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** The same on the standard error. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Says what went wrong. The process goes on, and will end with status 1. */
export function report(error: unknown): void {
  process.exitCode = 1
  say(errorText(error))
}

/** Ends the process in good order where there is nobody to write to, whenever that is noticed. */
export function watchOutput(): void {
  process.stdout.on('error', (error) => {
    // A reader that closes the pipe early, such as `head`, is not an error.
    if (systemCode(error) === 'EPIPE') process.exit()
    say(`The standard output cannot be written: ${systemError(error).got}.`)
    process.exit(1)
  })
  // If nobody can be told of errors, the work still goes on.
  process.stderr.on('error', () => {})
}
