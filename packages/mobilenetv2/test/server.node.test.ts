import { type ChildProcess, fork } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Answer } from '../src/index.js'
import { labelledPhotos, leftOut, modelsFolder } from './real-models.js'

const children: ChildProcess[] = []

function start(name: string, ...given: string[]): ChildProcess {
  const child = fork(new URL(`server/${name}`, import.meta.url).pathname, given, { execArgv: [] })
  children.push(child)
  return child
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill()
})

function messageOf<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the child process ended with code ${code}`))
    child.once('exit', ended)
    child.once('message', (message) => {
      child.off('exit', ended)
      resolve(message as Message)
    })
  })
}

function upload(port: number, bytes: Uint8Array): Promise<Answer[]> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'image/jpeg', 'content-length': bytes.length }
    const asked = request({ port, method: 'POST', path: '/classify', headers }, async (response) => {
      const text = (await response.setEncoding('utf8').toArray()).join('')
      if (response.statusCode === 200) resolve(JSON.parse(text))
      else reject(new Error(`status ${response.statusCode}: ${text}`))
    })
    asked.on('error', reject)
    asked.end(bytes)
  })
}

/** Milliseconds from the moment a poll was due to its answer: by the clock, and in running time of the server's main thread. */
interface Trip {
  readonly clock: number
  readonly server: number
}

describe.skipIf(leftOut !== '')(`a server${leftOut}`, () => {
  it('answers 200 uploads at once, and another route meanwhile within 50 ms in the median and 200 ms at worst', async () => {
    const server = start('main.mjs', join(modelsFolder!, 'tf2_mobilenet_v2_1.0_224_ptq.tflite'))
    const port = await messageOf<number>(server)
    const photos = labelledPhotos()
    const files = await Promise.all(photos.map(({ path }) => readFile(path)))
    // An engine compiles a server's code during its first requests.
    for (const bytes of files.slice(0, 5)) await upload(port, bytes)

    const poller = start('poller.mjs', `http://localhost:${port}/health`, String(server.pid))
    await messageOf(poller)
    const answers = await Promise.all([...files, ...files].map((bytes) => upload(port, bytes)))
    const polled = messageOf<Trip[]>(poller)
    poller.send('stop')
    const trips = await polled

    const right = photos.filter(({ classIndex }, index) => answers[index]?.[0]?.index === classIndex)
    expect(right.length).toBeGreaterThanOrEqual(88)
    expect(answers.slice(photos.length)).toEqual(answers.slice(0, photos.length))
    const waits = trips.map(({ clock, server }) => Math.min(clock, server)).sort((a, b) => a - b)
    expect(waits.length).toBeGreaterThan(20)
    expect(waits[Math.floor(waits.length / 2)], 'median').toBeLessThan(50)
    expect(waits.at(-1), 'worst').toBeLessThan(200)
  }, 300_000)
})
