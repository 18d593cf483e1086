// Runs the tests that need LanceDB, which is installed into a cache, beside the workspace: 211 MB. Its optional packages, which compute
// embeddings of texts, are left out.
import { fileURLToPath } from 'node:url'
import { installBeside } from '../../../scripts/install-beside.mjs'
import { run } from '../../../scripts/run.mjs'

const version = '0.39.0'

const pathOf = (path) => fileURLToPath(new URL(path, import.meta.url))

/** The package with LanceDB's binary for this platform. npm leaves it out with all that is optional, unless it is named. */
function binary() {
  const variant = { linux: '-gnu', win32: '-msvc' }[process.platform] ?? ''
  return `@lancedb/lancedb-${process.platform}-${process.arch}${variant}`
}

const install = () => installBeside([`@lancedb/lancedb@${version}`, `${binary()}@${version}`], ['--omit=optional'])
const env = { ...process.env, NODE_PATH: process.env.NODE_PATH || install(), MOBILENETV2_LANCEDB: 'required' }
run('npx', ['vitest', 'run'], { cwd: pathOf('..'), env })
// The command line, the page of docs and the README.
const front = { cwd: pathOf('../../mobilenetv2'), env: { ...env, MOBILENETV2_NODE_ONLY: 'true' } }
run('npx', ['vitest', 'run', '--project', 'node', 'index-cli'], front)
run('npx', ['vitest', 'run', '--project', 'node', 'docs.node', '-t', 'photo-index'], front)
run('npx', ['vitest', 'run', '--project', 'node', 'readmes', '-t', '@mobilenetv2/index'], front)
