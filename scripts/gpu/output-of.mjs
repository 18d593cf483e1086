import { execFileSync } from 'node:child_process'

/** The output of a program; empty if there is no such program. */
export function outputOf(program, args) {
  try {
    return execFileSync(program, args, { encoding: 'utf8', timeout: 10_000, stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return ''
  }
}
