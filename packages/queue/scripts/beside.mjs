import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The optional peers, which have 50 MB and are not in the workspace. */
const packages = ['bullmq@6.7.0', 'ioredis@6.0.0', '@aws-sdk/client-s3@3.1175.0', 'hyparquet@1.31.5', 'hyparquet-writer@0.17.0']

/** Runs a program, and ends this one if that fails. */
function run(program, args, options) {
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options })
  if (error !== undefined) throw error
  if (status !== 0) process.exit(status ?? 1)
}

/** The folder of node_modules that holds the optional peers; filled at the first call. */
function peersBeside() {
  const name = `queue-${packages.join('_').replaceAll(/[@/]/g, '-')}`
  const folder = fileURLToPath(new URL(`../../../node_modules/.cache/mobilenetv2/${name}/`, import.meta.url))
  const done = join(folder, 'done')
  if (!existsSync(done)) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    run('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...packages])
    writeFileSync(done, '')
  }
  return join(folder, 'node_modules')
}

/** Folders of node_modules, as NODE_PATH: with the optional peers, and with LanceDB if the tests of the index have installed it. */
export function nodePath() {
  const cache = fileURLToPath(new URL('../../../node_modules/.cache/mobilenetv2/', import.meta.url))
  const peers = peersBeside()
  const lancedb = readdirSync(cache)
    .filter((name) => name.startsWith('lancedb-'))
    .map((name) => join(cache, name, 'node_modules'))
  return [process.env.NODE_PATH, peers, ...lancedb].filter(Boolean).join(delimiter)
}

/** If redis-server is not installed: says what to do, and ends this program. */
export function requireRedis() {
  if (spawnSync('redis-server', ['--version']).status === 0) return
  console.error('redis-server is not installed.\n  what to do: apt-get install redis-server')
  process.exit(1)
}
