import { execFileSync } from 'node:child_process'

/** What a program prints, or nothing where there is no such program. */
export function outputOf(program, args) {
  try {
    return execFileSync(program, args, { encoding: 'utf8', timeout: 10_000, stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return ''
  }
}
