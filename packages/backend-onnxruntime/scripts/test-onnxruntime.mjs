// Runs the tests on onnxruntime-node, which is installed into a cache, beside the workspace: it is 288 MB, and its install script
// downloads CUDA's provider from outside the registry. MOBILENETV2_ONNXRUNTIME_PROVIDERS=cuda runs them on other providers, with the
// onnxruntime-node that NODE_PATH names.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// The version of onnxruntime-web in the lockfile.
const version = '1.30.0'

function run(program, args, options) {
  const { status } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options })
  if (status !== 0) process.exit(status ?? 1)
}

/** The folder of node_modules that holds the package; filled at the first call. */
function install() {
  const folder = fileURLToPath(new URL(`../../../node_modules/.cache/mobilenetv2/onnxruntime-node-${version}/`, import.meta.url))
  const done = join(folder, 'done')
  if (!existsSync(done)) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    run('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', `onnxruntime-node@${version}`])
    writeFileSync(done, '')
  }
  return join(folder, 'node_modules')
}

const env = { ...process.env, NODE_PATH: process.env.NODE_PATH || install(), MOBILENETV2_ONNXRUNTIME: 'required' }
run('npx', ['vitest', 'run'], { cwd: fileURLToPath(new URL('..', import.meta.url)), env })
// Photos and taught networks through the front door.
run('npx', ['vitest', 'run', '--project', 'node', 'photos', 'teach.node'], {
  cwd: fileURLToPath(new URL('../../mobilenetv2', import.meta.url)),
  env,
})
