import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { besideFolder, installBeside } from '../../../scripts/install-beside.mjs'

/** The optional peers, and a reader of Parquet for the tests. They have 50 MB and are not in the workspace. */
const packages = ['bullmq@6.7.0', 'ioredis@6.0.0', '@aws-sdk/client-s3@3.1175.0', 'hyparquet@1.31.5', 'hyparquet-writer@0.17.0']

/** Folders of node_modules, as NODE_PATH: with the optional peers, and with LanceDB if the tests of the index have installed it. */
export function nodePath() {
  const peers = installBeside(packages)
  const lancedb = readdirSync(besideFolder)
    .filter((name) => name.startsWith('lancedb-'))
    .map((name) => join(besideFolder, name, 'node_modules'))
  return [process.env.NODE_PATH, peers, ...lancedb].filter(Boolean).join(delimiter)
}

/** If redis-server is not installed: says what to do, and ends this program. */
export function requireRedis() {
  if (spawnSync('redis-server', ['--version']).status === 0) return
  console.error('redis-server is not installed.\n  what to do: apt-get install redis-server')
  process.exit(1)
}
