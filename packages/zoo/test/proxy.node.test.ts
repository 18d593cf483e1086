import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { environmentFetch } from '../src/proxy.node.js'
import { get, start } from './download-setup.js'
import { serve } from './fault-server.js'
import { content } from './test-entry.js'

let proxy: string
let asked: string[]
let stop: () => Promise<unknown>

/** A proxy that connects a request for any host to the same port of this machine. */
beforeEach(async () => {
  asked = []
  const sockets: Socket[] = []
  const server = createServer()
  server.on('connect', (request, client: Socket) => {
    asked.push(request.url ?? '')
    const target = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      target.pipe(client).pipe(target)
    })
    sockets.push(client, target)
    for (const socket of [client, target]) socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  stop = () => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  }
  for (const name of ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY']) vi.stubEnv(name, undefined)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await stop()
})

it('a proxy of the environment is used, but not for the hosts that NO_PROXY names', async () => {
  const server = await start((request, response) => serve(content, request, response))
  const url = server.url.replace('127.0.0.1', 'models.invalid')
  vi.stubEnv('HTTP_PROXY', proxy)
  await get([url])
  expect(asked).toEqual([new URL(url).host])

  vi.stubEnv('NO_PROXY', '127.0.0.1')
  const response = await (await environmentFetch())(server.url)
  expect([response.status, (await response.arrayBuffer()).byteLength, asked.length]).toEqual([200, content.length, 1])
})

it("without a proxy in the environment, fetch is the platform's own", async () => {
  expect(await environmentFetch()).toBe(fetch)
})
