import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openIndex } from '@mobilenetv2/index'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { readNetwork } from '@mobilenetv2/weights'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { end, freePort, startRedis } from '../scripts/redis.mjs'
import { smallModel } from '../scripts/small-model.mjs'
import {
  type Answer,
  collectResult,
  followRun,
  type QueueWorker,
  startWorker,
  submitPictures,
  type WorkerEvent,
} from '../src/index.js'
import { mobilenetv2, type Program, start } from './program.js'

const wanted = process.env.MOBILENETV2_QUEUE_TESTS === 'required'
const hasLanceDb = canResolve('@lancedb/lancedb')
const question = { top: 1, embedding: false }
const poison = new MobileNetV2Error('IMAGE', 'A picture cannot be decoded.')
const answered = { top: [{ index: 0, label: 'cat', probability: 1 }], embedding: null }

function canResolve(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name)
    return true
  } catch {
    return false
  }
}

describe.skipIf(!wanted)('a queue (left out: npm run test:queue installs BullMQ and runs this)', { timeout: 120_000 }, () => {
  let folder: string
  let port: number
  let queue: string
  let redis: Awaited<ReturnType<typeof startRedis>>
  const workers: QueueWorker[] = []
  const programs: Program[] = []

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mobilenetv2-queue-'))
    port = await freePort()
    queue = `redis://127.0.0.1:${port}`
    redis = await startRedis(port, folder)
  })
  afterEach(async () => {
    for (const { child } of programs.splice(0)) await end(child, 'SIGKILL')
    for (const worker of workers.splice(0)) await worker.stop()
    await end(redis)
    rmSync(folder, { recursive: true })
  })

  const parts = () => join(folder, 'parts')
  const submit = (files: Iterable<string>, batchSize = 4) =>
    submitPictures(files, { queue, run: 'run', parts: parts(), question, batchSize })
  const work = async (answer: Answer, onEvent: (event: WorkerEvent) => void = () => {}): Promise<QueueWorker> => {
    const worker = await startWorker({ queue, model: 'a model', answer, atOnce: 2, lockSeconds: 1, onEvent })
    workers.push(worker)
    return worker
  }
  const follow = async () => {
    let last = { batches: 0, done: 0, failed: 0, pictures: 0 }
    for await (const progress of followRun({ queue, run: 'run', seconds: 0.2 })) last = progress
    return last
  }
  const filesOf = async (batches: number): Promise<string[]> => {
    const to = join(folder, 'result.jsonl')
    await collectResult({ run: 'run', parts: parts(), to, batches })
    const text = readFileSync(to, 'utf8').trim()
    return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line).file)
  }
  const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `/${String(index).padStart(4, '0')}.jpg`)

  it('gives each picture one answer, with two workers', async () => {
    await submit([...names(50), ...names(10)])
    for (let count = 0; count < 2; count++) await work(async () => answered)
    expect(await follow()).toMatchObject({ batches: 13, pictures: 50, done: 50, failed: 0 })
    expect(await filesOf(13)).toEqual(names(50))
  })

  it('does nothing twice if the same pictures are submitted again, and does what is new', async () => {
    let asked = 0
    await submit(names(8))
    await work(async () => {
      asked += 1
      return answered
    })
    await follow()
    await submit(names(8))
    expect(await follow()).toMatchObject({ done: 8 })
    expect(asked).toBe(8)
    await submit(names(12))
    expect(await follow()).toMatchObject({ pictures: 12, done: 12 })
    expect(asked).toBe(12)
  })

  it('tries a batch again after a failure that passes, and puts poison pictures on the dead-letter list', async () => {
    let visits = 0
    const server: Server = createServer((_, response) => {
      visits += 1
      response.writeHead(visits === 1 ? 503 : 200).end()
    }).listen(0)
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cat.jpg`
    const events: string[] = []
    await submit(['/a.jpg', address, '/poison.jpg'])
    await work(
      async (picture) => {
        if (picture === '/poison.jpg') throw poison
        if (picture !== address) return answered
        const { status } = await fetch(address)
        if (status !== 200)
          throw new MobileNetV2Error('SOURCE', 'The server did not send the file.', { got: `HTTP status ${status}` })
        return answered
      },
      ({ kind }) => events.push(kind),
    )
    expect(await follow()).toMatchObject({ done: 2, failed: 1 })
    expect(events).toEqual(['again'])
    expect(await filesOf(1)).toEqual(['/a.jpg', address])
    expect(readFileSync(join(folder, 'result.failed.jsonl'), 'utf8')).toBe(
      '{"file":"/poison.jpg","problem":"A picture cannot be decoded."}\n',
    )
    server.close()
  })

  it('waits while the result cannot be written, and says so', async () => {
    writeFileSync(parts(), 'a file in the place of the folder')
    await submit(names(3))
    const events: WorkerEvent[] = []
    const worker = await work(
      async () => answered,
      (event) => events.push(event),
    )
    while (events.length === 0) await pause(50)
    expect(events).toMatchObject([{ kind: 'result-stuck', reason: expect.stringMatching(/not a folder|EEXIST/) }])
    expect(worker.state()).toMatchObject({ done: 0, stuck: expect.stringContaining('the result cannot be written') })
    rmSync(parts())
    expect(await follow()).toMatchObject({ done: 3 })
    expect(events.map(({ kind }) => kind)).toEqual(['result-stuck', 'result-written'])
    expect(worker.state()).toMatchObject({ stuck: null })
  })

  it('gives a batch back if it is stopped while the result cannot be written', async () => {
    writeFileSync(parts(), 'a file in the place of the folder')
    await submit(names(3))
    const worker = await work(async () => answered)
    while (worker.state().stuck === null) await pause(50)
    await worker.stop()
    rmSync(parts())
    await work(async () => answered)
    expect(await follow()).toMatchObject({ done: 3 })
  })

  it('survives a Redis that is killed and comes back', async () => {
    await submit(names(400))
    const events: string[] = []
    const slow: Answer = async () => {
      await pause(10)
      return answered
    }
    const worker = await work(slow, ({ kind }) => events.push(kind))
    const following = follow()
    while (worker.state().done < 40) await pause(20)
    await end(redis, 'SIGKILL')
    while (worker.state().stuck === null) await pause(20)
    expect(worker.state().stuck).toMatch(/^Redis is away/)
    redis = await startRedis(port, folder)
    expect(await following).toMatchObject({ batches: 100, done: 400 })
    expect(await filesOf(100)).toEqual(names(400))
    expect(events).toEqual(expect.arrayContaining(['redis-away', 'redis-back']))
  })

  it('finds a picture at which the process ends, and leaves it out', async () => {
    await submit([...names(3), '/deadly.jpg', ...names(9).slice(3)], 5)
    let isOver = false
    let starts = 0
    const restarting = (async () => {
      while (!isOver) {
        starts += 1
        const program = start(process.execPath, [join(import.meta.dirname, '../scripts/deadly-worker.mjs'), queue])
        programs.push(program)
        await program.status
      }
    })()
    expect(await follow()).toMatchObject({ pictures: 10, done: 9, failed: 1 })
    isOver = true
    for (const { child } of programs) await end(child)
    await restarting
    expect(starts).toBeGreaterThan(4)
    expect(await filesOf(2)).toEqual(names(9))
    expect(readFileSync(join(folder, 'result.failed.jsonl'), 'utf8')).toContain('The process of the worker ended 2 times')
  })

  it('refuses a second model in a run, and gives the batch back', async () => {
    await submit(names(8))
    const first = await work(async () => answered)
    await follow()
    await first.stop()
    await submit(names(12))
    const other = await startWorker({ queue, model: 'another model', answer: async () => answered, lockSeconds: 1 })
    await expect(other.ended).rejects.toThrow(/answered by another model[\s\S]*expected: a model[\s\S]*got: another model/)
    await other.stop()
    await work(async () => answered)
    expect(await follow()).toMatchObject({ done: 12 })
  })

  it('says what is wrong with an address, a password, a port', async () => {
    const submitTo = (address: string) => submitPictures([], { queue: address, run: 'run', parts: parts(), question })
    await expect(submitTo('http://localhost')).rejects.toMatchObject({ code: 'OPTION' })
    const nobody = await freePort()
    await expect(submitTo(`redis://127.0.0.1:${nobody}`)).rejects.toThrow(/The queue cannot be reached[\s\S]*nothing listens there/)
    await expect(submitTo(`redis://:secret@127.0.0.1:${nobody}`)).rejects.not.toThrow(/secret/)
    await end(redis)
    redis = await startRedis(port, folder, ['--requirepass', 'right'])
    await expect(submitTo(queue)).rejects.toThrow(/wants a password/)
    await expect(submitTo(`redis://:wrong@127.0.0.1:${port}`)).rejects.toThrow(/the password or the user is wrong/)
    await expect(submitTo(`redis://:right@127.0.0.1:${port}`)).resolves.toMatchObject({ pictures: 0, isComplete: true })
  })

  it('follows no run that is not there, and says what is missing if the queue was emptied', async () => {
    await expect(follow()).rejects.toThrow('There is no run of this name.')
    await submit(names(3))
    const { Redis } = createRequire(import.meta.url)('ioredis')
    const connection = new Redis(queue)
    await connection.del(...(await connection.keys('mobilenetv2:pictures:*')))
    connection.disconnect()
    await expect(follow()).rejects.toThrow(/1 batches of the run are not finished[\s\S]*Submit the same pictures again/)
    await submit(names(3))
    await work(async () => answered)
    expect(await follow()).toMatchObject({ done: 3 })
  })

  it('reads pictures of a store, page by page', async () => {
    const objects = new Map(names(5).map((name) => [name.slice(1), Buffer.from(name)]))
    const server = createServer(({ url = '' }, response) => {
      const { pathname, searchParams } = new URL(url, 'http://store')
      if (searchParams.get('list-type') === '2') {
        const from = Number(searchParams.get('continuation-token') ?? 0)
        const keys = [...objects.keys(), 'notes.txt'].slice(from, from + 2)
        const next = from + 2 < objects.size + 1 ? `<NextContinuationToken>${from + 2}</NextContinuationToken>` : ''
        const contents = keys.map((key) => `<Contents><Key>${key}</Key><Size>9</Size></Contents>`).join('')
        response.end(`<ListBucketResult>${contents}<IsTruncated>${next !== ''}</IsTruncated>${next}</ListBucketResult>`)
        return
      }
      const bytes = objects.get(pathname.replace('/bucket/', ''))
      if (bytes === undefined) response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>')
      else response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
    }).listen(0)
    process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    process.env.AWS_REGION = 'eu-central-1'
    process.env.AWS_ACCESS_KEY_ID = 'key'
    process.env.AWS_SECRET_ACCESS_KEY = 'secret'
    const { listS3 } = await import('../src/index.js')
    const addresses: string[] = []
    for await (const address of listS3('s3://bucket/', ['.jpg'])) addresses.push(address)
    expect(addresses).toEqual(names(5).map((name) => `s3://bucket${name}`))
    await submit([...addresses, 's3://bucket/missing.jpg'])
    const bytes: string[] = []
    await work(async (picture) => {
      bytes.push(String(Buffer.from(picture as Uint8Array)))
      return answered
    })
    expect(await follow()).toMatchObject({ done: 5, failed: 1 })
    expect(bytes.sort()).toEqual(names(5))
    expect(await filesOf(2)).toEqual(addresses)
    expect(readFileSync(join(folder, 'result.failed.jsonl'), 'utf8')).toContain('HTTP status 404')
    server.close()
  })

  it('writes Parquet, which another reader reads', async () => {
    const embedding = Float32Array.of(0.25, -3, 1e-3)
    await submit(names(9))
    await work(async (picture) => {
      if (picture === '/0004.jpg') throw poison
      return { ...answered, embedding }
    })
    await follow()
    const to = join(folder, 'result.parquet')
    await collectResult({ run: 'run', parts: parts(), to, batches: 3 })
    const { asyncBufferFromFile, parquetReadObjects } = createRequire(import.meta.url)('hyparquet')
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(to) })
    expect(rows.map(({ file }: { file: string }) => file)).toEqual(names(9).filter((name) => name !== '/0004.jpg'))
    expect(rows[0]).toMatchObject({
      label: 'cat',
      probability: 1,
      top: answered.top,
      embedding: Array.from(embedding),
      problem: null,
    })
  })

  it.skipIf(!hasLanceDb)(
    `writes a table${hasLanceDb ? '' : ' [left out: LanceDB is not installed; npm run test:index installs it]'}`,
    async () => {
      const network = await readNetwork(smallModel())
      const embeddingOf = (file: string) =>
        Float32Array.from({ length: 1280 }, (_, index) => Math.cos(index * Number(file.slice(1, 5))))
      await submit(names(9))
      await work(async (picture) => {
        if (picture === '/0004.jpg') throw poison
        return { ...answered, embedding: embeddingOf(String(picture)) }
      })
      await follow()
      const to = join(folder, 'result.lance')
      await expect(collectResult({ run: 'run', parts: parts(), to, batches: 3 })).rejects.toThrow('A table states its model')
      // Twice, because rows replace those of the same path.
      for (let time = 0; time < 2; time++) await collectResult({ run: 'run', parts: parts(), to, batches: 3, network })
      using index = await openIndex(to, network)
      expect(await index.count()).toBe(8)
      expect((await index.nearest(embeddingOf('/0007.jpg'), { count: 1 }))[0]).toMatchObject({
        path: '/0007.jpg',
        label: 'cat',
        confidence: 1,
      })
    },
  )

  describe('on the command line', () => {
    let model: string
    let pictures: string
    const count = 120

    beforeAll(() => {
      model = join(mkdtempSync(join(tmpdir(), 'mobilenetv2-model-')), 'small.safetensors')
      writeFileSync(model, smallModel())
    })
    afterAll(() => rmSync(join(model, '..'), { recursive: true }))
    beforeEach(async () => {
      pictures = join(folder, 'pictures')
      mkdirSync(pictures)
      const grey = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'grey' } })
        .jpeg()
        .toBuffer()
      for (let number = 0; number < count; number++) writeFileSync(join(pictures, `${String(number).padStart(4, '0')}.jpg`), grey)
      writeFileSync(join(pictures, '0007.jpg'), 'no picture')
    })

    const run = (...args: string[]): Program => {
      const program = mobilenetv2(...args)
      programs.push(program)
      return program
    }
    const startWork = (...more: string[]): Program => run('work', '--queue', queue, '--model', model, '--jobs', '1', ...more)

    it('answers a folder; SIGTERM lets a worker finish; the numbers are served', async () => {
      const to = join(folder, 'answers.jsonl')
      const submitted = run('submit', pictures, '--queue', queue, '--to', to, '--batch', '5', '--embed')
      expect(await submitted.status).toBe(0)
      expect(submitted.text()).toMatch(/120 pictures in 24 batches; 120 pictures are still to do/)
      const stopped = startWork()
      await stopped.says('The worker takes batches.')
      while (!existsSync(`${to}.parts`)) await pause(20)
      await end(stopped.child)
      expect(await stopped.status).toBe(0)
      expect(stopped.text()).toMatch(/finishes its batches[\s\S]*The worker has ended: \d+ done/)
      const metricsPort = await freePort()
      const worker = startWork('--metrics', String(metricsPort))
      await worker.says('The worker takes batches.')
      const served = await fetch(`http://127.0.0.1:${metricsPort}/metrics`)
      expect(await served.text()).toMatch(/mobilenetv2_pictures_total\{outcome="done"\} \d+[\s\S]*bullmq_job_count/)
      expect((await fetch(`http://127.0.0.1:${metricsPort}/health`)).status).toBe(200)
      const followed = run('submit', pictures, '--queue', queue, '--to', to, '--batch', '5', '--embed', '--follow')
      expect(await followed.status).toBe(1)
      expect(followed.text()).toMatch(/119 pictures are answered[\s\S]*1 pictures have no answer/)
      const lines = readFileSync(to, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
      expect(new Set(lines.map(({ file }) => file)).size).toBe(119)
      expect(lines).toHaveLength(119)
      expect(lines[0]).toMatchObject({ file: join(pictures, '0000.jpg'), top: { length: 5 }, embedding: { length: 1280 } })
      expect(readFileSync(join(folder, 'answers.failed.jsonl'), 'utf8')).toContain('0007.jpg')
    })

    it('says in one line what is wrong', async () => {
      const nobody = `redis://127.0.0.1:${await freePort()}`
      const unreached = run('work', '--queue', nobody, '--model', model)
      expect(await unreached.status).toBe(1)
      expect(unreached.text()).toMatch(
        /The queue cannot be reached\.\n {2}where: redis:[^\n]*\n {2}got: nothing listens there\n {2}what to do: Start Redis/,
      )
      const unnamed = run('submit', pictures, '--to', join(folder, 'a.jsonl'))
      expect(await unnamed.status).toBe(1)
      expect(unnamed.text()).toContain('No queue is named.')
      const ending = run('submit', pictures, '--queue', queue, '--to', join(folder, 'a.csv'))
      expect(await ending.status).toBe(1)
      expect(ending.text()).toContain('This is no name of a result.')
    })
  })
})
