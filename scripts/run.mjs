import { spawnSync } from 'node:child_process'

/** Runs a program with its output shown, and ends this one if that fails. */
export function run(program, args, options) {
  const shell = process.platform === 'win32'
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'], shell, ...options })
  if (error !== undefined) throw error
  if (status !== 0) process.exit(status ?? 1)
}
