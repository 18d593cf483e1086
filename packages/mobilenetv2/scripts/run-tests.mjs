import { fileURLToPath } from 'node:url'
import { run } from '../../../scripts/run.mjs'

/** Runs tests of this package in Node, with more in their environment. */
export function runTests(filter, env) {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  run('npx', ['vitest', 'run', '--project', 'node', filter], { cwd, env: { ...process.env, ...env } })
}
