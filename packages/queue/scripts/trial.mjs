// Many pictures through a queue, as in docs/fleet.md: `node packages/queue/scripts/trial.mjs [--pictures 20000] [--kill] [--workers 2]
// [--jobs 1]`. With --kill a worker and Redis are ended by SIGKILL in the middle. Prints the results as JSON. MOBILENETV2_PHOTOS
// names the photos of which the pictures are made.
import { spawn } from 'node:child_process'
import { createWriteStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { nodePath, requireRedis } from './beside.mjs'
import { end, freePort, startRedis } from './redis.mjs'
import { smallModel } from './small-model.mjs'
import { makeThumbnails } from './thumbnails.mjs'

const { values } = parseArgs({
  options: {
    pictures: { type: 'string', default: '20000' },
    workers: { type: 'string', default: '2' },
    jobs: { type: 'string', default: '1' },
    batch: { type: 'string', default: '256' },
    kill: { type: 'boolean', default: false },
    embed: { type: 'boolean', default: false },
    folder: { type: 'string' },
  },
})
const count = Number(values.pictures)
const batchSize = Number(values.batch)
requireRedis()
const env = { ...process.env, NODE_PATH: nodePath() }
const cli = fileURLToPath(new URL('../../mobilenetv2/dist/bin.cjs', import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'mobilenetv2-queue-'))
const pictures = values.folder ?? join(folder, 'pictures')
if (!existsSync(pictures)) await makeThumbnails(process.env.MOBILENETV2_PHOTOS, pictures, count)
const model = join(folder, 'small.safetensors')
writeFileSync(model, smallModel())

const port = await freePort()
const queue = `redis://127.0.0.1:${port}`
let redis = await startRedis(port, folder)
const log = createWriteStream(join(folder, 'log'))
const children = []
function mobilenetv2(...args) {
  const child = spawn(process.execPath, [cli, ...args, '--queue', queue], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  children.push(child)
  return child
}
const startWorker = () => mobilenetv2('work', '--model', model, '--jobs', values.jobs)
const exitOf = (child) => new Promise((resolve) => child.on('exit', resolve))

/** Seconds of processor time that a process has taken, on Linux. */
function processorTime({ pid }) {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13)
  return (Number(user) + Number(system)) / 100
}

/** Pictures a second between the first part and the last one, without the time in which workers start. */
function speedOf(parts) {
  const times = readdirSync(parts)
    .map((name) => statSync(join(parts, name)).mtimeMs)
    .sort((a, b) => a - b)
  return (1000 * batchSize * (times.length - 1)) / (times.at(-1) - times[0])
}

const events = []
try {
  const to = join(folder, 'answers.jsonl')
  const submit = ['submit', pictures, '--to', to, '--run', 'trial', '--batch', values.batch, ...(values.embed ? ['--embed'] : [])]
  await exitOf(mobilenetv2(...submit))
  const begin = performance.now()
  const seconds = () => (performance.now() - begin) / 1000
  const workers = Array.from({ length: Number(values.workers) }, startWorker)
  const following = mobilenetv2(...submit, '--follow')
  const ended = exitOf(following)
  let finished = 0
  following.stderr.on('data', (data) => {
    for (const [, done, speed] of String(data).matchAll(/^(\d+) of \d+ done.*?(?:, ([\d.]+) pictures\/s|$)/gm)) {
      finished = Number(done)
      if (speed !== undefined) events.push({ seconds: Math.round(seconds()), done: finished, speed: Number(speed) })
    }
  })
  if (values.kill) {
    while (finished < 0.3 * count) await pause(200)
    await end(workers[0], 'SIGKILL')
    events.push({ seconds: Math.round(seconds()), what: 'a worker was killed' })
    workers[0] = startWorker()
    while (finished < 0.55 * count) await pause(200)
    await end(redis, 'SIGKILL')
    events.push({ seconds: Math.round(seconds()), what: 'Redis was killed' })
    await pause(5000)
    redis = await startRedis(port, folder)
    events.push({ seconds: Math.round(seconds()), what: 'Redis was started again' })
  }
  const status = await ended
  const whole = seconds()
  const processorSeconds = { workers: workers.map(processorTime), redis: processorTime(redis) }
  for (const worker of workers) await end(worker)
  const files = readFileSync(to, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).file)
  const speed = speedOf(join(`${to}.parts`, 'trial'))
  console.log(
    JSON.stringify({
      ...values,
      status,
      seconds: whole,
      picturesPerSecond: speed,
      lines: files.length,
      different: new Set(files).size,
      processorSeconds,
      events,
    }),
  )
} finally {
  for (const child of children) await end(child, 'SIGKILL')
  await end(redis)
  if (process.env.MOBILENETV2_KEEP === undefined) rmSync(folder, { recursive: true })
  else console.error(folder)
}
