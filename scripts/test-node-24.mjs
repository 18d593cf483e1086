// Runs the Node tests of the packages that depend on the engine once more, on the newest long-term Node, which has relaxed SIMD. Node is
// installed into a cache, beside the workspace.
import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeBeside } from './install-beside.mjs'
import { run } from './run.mjs'

const packages = ['assembler', 'runtime', 'image', 'backend-wasm', 'teach', 'mobilenetv2']

const path = [dirname(nodeBeside('24.21.0')), process.env.PATH].join(delimiter)
// The floors of coverage count the tests in a browser.
const env = { ...process.env, MOBILENETV2_NODE_ONLY: 'true', MOBILENETV2_COVERAGE: '', PATH: path }
run('node', ['--version'], { env })
for (const name of packages) {
  run('npx', ['vitest', 'run', '--project', 'node'], { cwd: fileURLToPath(new URL(`../packages/${name}`, import.meta.url)), env })
}
