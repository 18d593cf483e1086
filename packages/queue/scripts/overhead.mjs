// Measures what the queue itself costs, without a network, as in docs/fleet.md: `node packages/queue/scripts/overhead.mjs`. Prints
// JSON: batches a second through Redis, memory of Redis for a waiting batch, and pictures a second that are put together into a
// result.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodePath, requireRedis } from './beside.mjs'
import { end, freePort, startRedis } from './redis.mjs'

if (process.env.MOBILENETV2_QUEUE_PEERS === undefined) {
  // Packages of NODE_PATH are found only by a process that is started with it.
  requireRedis()
  const NODE_PATH = nodePath()
  const env = { ...process.env, NODE_PATH, MOBILENETV2_QUEUE_PEERS: 'installed' }
  const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url)], { env, stdio: 'inherit' })
  process.exit(status ?? 1)
}

const { collectResult, followRun, startWorker, submitPictures } = await import('../dist/index.js')
const { Redis } = createRequire(import.meta.url)('ioredis')

const folder = mkdtempSync(join(tmpdir(), 'mobilenetv2-queue-'))
const parts = join(folder, 'parts')
const port = await freePort()
const queue = `redis://127.0.0.1:${port}`
const redis = await startRedis(port, folder)
const connection = new Redis(queue)

/** Bytes of memory that Redis uses. */
const memory = async () => Number(/used_memory:(\d+)/.exec(await connection.info('memory'))[1])

const seconds = () => performance.now() / 1000

/** Seconds of processor time that Redis has taken, on Linux. */
function redisTime() {
  const [user, system] = readFileSync(`/proc/${redis.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13)
  return (Number(user) + Number(system)) / 100
}

const files = (count) =>
  Array.from({ length: count }, (_, index) => `/photos/2026/folder/of/some/depth/${String(index).padStart(9, '0')}.jpg`)

/** Does a run whose pictures are answered at once. */
async function through(run, count, batchSize, embedding) {
  const values = embedding ? Float32Array.from({ length: 1280 }, (_, index) => Math.sin(index) + 1) : null
  const top = [{ index: 281, label: 'tabby, tabby cat', probability: 0.83 }]
  const [before, begin] = [await memory(), seconds()]
  const { batches } = await submitPictures(files(count), { queue, run, parts, question: { top: 1, embedding }, batchSize })
  const [bytes, submitted, time] = [(await memory()) - before, seconds(), redisTime()]
  const worker = await startWorker({ queue, model: 'none', answer: async () => ({ top, embedding: values }) })
  for await (const progress of followRun({ queue, run, seconds: 0.1 })) void progress
  const [done, ofRedis] = [seconds(), redisTime() - time]
  await worker.stop()
  return {
    batches,
    batchesSubmittedASecond: batches / (submitted - begin),
    batchesFinishedASecond: batches / (done - submitted),
    redisBytesOfWaitingBatch: bytes / batches,
    redisMillisecondsABatch: (1000 * ofRedis) / batches,
  }
}

/** Puts a result together. */
async function collect(run, batches, to, count) {
  const [begin, before] = [seconds(), process.cpuUsage()]
  await collectResult({ run, parts, to: join(folder, to), batches })
  const { user, system } = process.cpuUsage(before)
  const processorMilliseconds = (user + system) / 1000 / count
  return {
    processorMilliseconds,
    picturesASecond: count / (seconds() - begin),
    bytesAPicture: statSync(join(folder, to)).size / count,
  }
}

try {
  const small = await through('small', 4000, 1, false)
  const count = 20_480
  const whole = await through('whole', count, 256, true)
  const partBytes =
    readdirSync(join(parts, 'whole')).reduce((sum, name) => sum + statSync(join(parts, 'whole', name)).size, 0) / count
  const jsonLines = await collect('whole', whole.batches, 'a.jsonl', count)
  const parquet = await collect('whole', whole.batches, 'a.parquet', count)
  console.log(JSON.stringify({ small, whole, partBytes, jsonLines, parquet }, null, 2))
} finally {
  connection.disconnect()
  await end(redis)
  rmSync(folder, { recursive: true })
}
