// Runs the tests on Redis: with BullMQ and the other optional peers, which are installed into a cache beside the workspace, and with the
// machine's redis-server.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodePath, requireRedis } from './beside.mjs'
import { end, freePort, startRedis } from './redis.mjs'

const pathOf = (path) => fileURLToPath(new URL(path, import.meta.url))

/** Whether tests pass. */
function passes(folder, args, env) {
  return (
    spawnSync('npx', ['vitest', 'run', ...args], { cwd: pathOf(folder), env, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
  )
}

requireRedis()
const NODE_PATH = nodePath()
const folder = mkdtempSync(join(tmpdir(), 'mobilenetv2-queue-'))
const port = await freePort()
const redis = await startRedis(port, folder)
try {
  const env = { ...process.env, NODE_PATH, MOBILENETV2_QUEUE_TESTS: 'required', MOBILENETV2_QUEUE: `redis://127.0.0.1:${port}` }
  const ofPackage = passes('..', [], env)
  const front = { ...env, MOBILENETV2_NODE_ONLY: 'true' }
  const ofReadme = passes('../../mobilenetv2', ['--project', 'node', 'readmes', '-t', '@mobilenetv2/queue'], front)
  process.exitCode = ofPackage && ofReadme ? 0 : 1
} finally {
  await end(redis)
  rmSync(folder, { recursive: true })
}
