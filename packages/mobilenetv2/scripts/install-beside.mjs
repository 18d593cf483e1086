import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Runs a program, and ends this one if that fails. */
function run(program, args, options) {
  const shell = process.platform === 'win32'
  const { status } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'], shell, ...options })
  if (status !== 0) process.exit(status ?? 1)
}

/** The folder of an npm package that is installed into a cache beside the workspace, since only some tests need it. */
export function installBeside(name, version) {
  const folder = fileURLToPath(new URL(`../../../node_modules/.cache/mobilenetv2/${name}-${version}/`, import.meta.url))
  const installed = join(folder, 'node_modules', name)
  if (!existsSync(join(installed, 'package.json'))) {
    run('npm', ['install', '--prefix', folder, '--no-save', '--no-package-lock', '--no-audit', '--no-fund', `${name}@${version}`])
  }
  return installed
}

/** Runs tests of this package in Node, with more in their environment. */
export function runTests(filter, env) {
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  run('npx', ['vitest', 'run', '--project', 'node', filter], { cwd, env: { ...process.env, ...env } })
}
