// Runs the tests on Redis: with BullMQ and the other optional peers, which are installed into a cache beside the workspace, and with the
// machine's redis-server.
import { fileURLToPath } from 'node:url'
import { peersBeside, requireRedis, run } from './beside.mjs'

requireRedis()
const NODE_PATH = [process.env.NODE_PATH, peersBeside()].filter(Boolean).join(':')
const env = { ...process.env, NODE_PATH, MOBILENETV2_QUEUE_TESTS: 'required' }
run('npx', ['vitest', 'run'], { cwd: fileURLToPath(new URL('..', import.meta.url)), env })
