// Runs the Node tests of the packages that depend on the engine once more, on Node 24, which has relaxed SIMD and
// vectors of 256 bits. Node is installed into a cache, beside the workspace.
import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeBeside } from './install-beside.mjs'
import { run } from './run.mjs'

/** Packages, and tests of them that are left out: the code blocks of the docs run for minutes and do not depend on the engine. */
const packages = { 'backend-wasm': [], mobilenetv2: ['test/docs.node.test.ts'] }

const path = [dirname(nodeBeside('24.21.0')), process.env.PATH].join(delimiter)
// The floors of coverage count the tests in a browser.
const env = { ...process.env, MOBILENETV2_NODE_ONLY: 'true', MOBILENETV2_COVERAGE: '', PATH: path }
run('node', ['--version'], { env })
for (const [name, left] of Object.entries(packages)) {
  const cwd = fileURLToPath(new URL(`../packages/${name}`, import.meta.url))
  run('npx', ['vitest', 'run', '--project', 'node', ...left.map((test) => `--exclude=${test}`)], { cwd, env })
}
