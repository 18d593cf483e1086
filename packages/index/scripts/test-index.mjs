// Runs the tests that need LanceDB, which is installed into a cache, beside the workspace: 211 MB. Its optional packages, which compute
// embeddings of texts, are left out.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const version = '0.39.0'

const pathOf = (path) => fileURLToPath(new URL(path, import.meta.url))

function run(program, args, options) {
  const shell = process.platform === 'win32'
  const { status } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'], shell, ...options })
  if (status !== 0) process.exit(status ?? 1)
}

/** The package with LanceDB's binary for this platform. npm leaves it out with all that is optional, unless it is named. */
function binary() {
  const variant = { linux: '-gnu', win32: '-msvc' }[process.platform] ?? ''
  return `@lancedb/lancedb-${process.platform}-${process.arch}${variant}`
}

/** The folder of node_modules that holds the packages; filled at the first call. */
function install() {
  const folder = pathOf(`../../../node_modules/.cache/mobilenetv2/lancedb-${version}/`)
  const done = join(folder, 'done')
  if (!existsSync(done)) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    const packages = [`@lancedb/lancedb@${version}`, `${binary()}@${version}`]
    run('npm', ['install', '--prefix', folder, '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund', ...packages])
    writeFileSync(done, '')
  }
  return join(folder, 'node_modules')
}

const env = { ...process.env, NODE_PATH: process.env.NODE_PATH || install(), MOBILENETV2_LANCEDB: 'required' }
run('npx', ['vitest', 'run'], { cwd: pathOf('..'), env })
// The command line, the page of docs and the README.
const front = { cwd: pathOf('../../mobilenetv2'), env: { ...env, MOBILENETV2_NODE_ONLY: 'true' } }
run('npx', ['vitest', 'run', '--project', 'node', 'index-cli'], front)
run('npx', ['vitest', 'run', '--project', 'node', 'docs.node', '-t', 'photo-index'], front)
run('npx', ['vitest', 'run', '--project', 'node', 'readmes', '-t', '@mobilenetv2/index'], front)
