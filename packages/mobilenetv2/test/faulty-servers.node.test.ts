import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { deflateSync, gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { load, type Model, readNetwork } from '../src/index.js'
import { smallModel, smallPicture } from './small-files.js'

const servers: Server[] = []
const sockets: Socket[] = []

async function listen(server: Server): Promise<string> {
  server.on('connection', (socket: Socket) => sockets.push(socket.on('error', () => {})))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

afterEach(async () => {
  vi.unstubAllEnvs()
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
})

/** Starts a server that answers each request by `answer`. Gives the address of a file on it. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<string> {
  return `http://${await listen(createServer((request, response) => void answer(request, response)))}/file`
}

/** The same for a server that writes these bytes, whatever they are, and then ends the connection unless it `stays`. */
async function serveRaw(text: string, stays = false): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.once('data', () => (stays ? socket.write(text) : socket.end(text)))
  })
  return `http://${await listen(server)}/file`
}

/** Writes until the connection ends. */
function writeEndlessly(response: ServerResponse, piece: Uint8Array): void {
  const write = (): void => {
    while (!response.destroyed) if (!response.write(piece)) return void response.once('drain', write)
  }
  write()
}

let model: Model
beforeAll(async () => {
  model = await load(smallModel, { backend: 'wasm', threads: 0 })
})
afterAll(() => model.dispose())

/** A good file for each kind of source, and how it is read. */
const kinds = [
  ['a model', smallModel, (url: string, signal?: AbortSignal) => readNetwork(url, { signal })],
  ['a picture', smallPicture, (url: string, signal?: AbortSignal) => model.classify(url, { signal })],
] as const

const head = 'HTTP/1.1 200 OK\r\n'

describe.each(kinds)('%s', (_, file, read) => {
  it('comes whole, chunked, compressed, and over redirects', async () => {
    await read(await serve((_request, response) => response.end(file)))
    await read(await serve((_request, response) => response.write(file.subarray(0, 50), () => response.end(file.subarray(50)))))
    await read(await serve((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(file))))
    const there = await serve((_request, response) => response.end(file))
    await read(await serve((_request, response) => response.writeHead(302, { location: there }).end()))
  })

  it('is read from data: and blob: addresses', async () => {
    await read(`data:application/octet-stream;base64,${Buffer.from(file).toString('base64')}`)
    await read(URL.createObjectURL(new Blob([file])))
  })

  it.each<[string, () => Promise<string>, RegExp]>([
    [
      'the connection ends before an answer',
      () => serve((_request, response) => response.destroy()),
      /other side closed|ECONNRESET/,
    ],
    [
      'the connection ends in the body',
      () => serve((_request, response) => response.writeHead(200, { 'content-length': 4e6 }).write('x', () => response.destroy())),
      /terminated: .*after 1 bytes/,
    ],
    ['less comes than Content-Length says', () => serveRaw(`${head}content-length: 99\r\n\r\nabc`), /terminated: .*after 3 bytes/],
    ['Content-Length is no number', () => serveRaw(`${head}content-length: many\r\n\r\nabc`), /content-length/i],
    ['a chunk has no length', () => serveRaw(`${head}transfer-encoding: chunked\r\n\r\nzz\r\nabc`), /terminated|fetch failed/],
    ['the last chunk is missing', () => serveRaw(`${head}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n`), /terminated/],
    ['it is no HTTP', () => serveRaw('220 mail.test ESMTP\r\n'), /fetch failed: ./],
    ['headers have no end', () => serveRaw(`${head}${'x: y\r\n'.repeat(20_000)}`), /Headers Overflow/],
    [
      'it is no gzip',
      () => serve((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('text')),
      /incorrect header check/,
    ],
    [
      'the gzip is damaged',
      () =>
        serve((_request, response) =>
          response.writeHead(200, { 'content-encoding': 'deflate' }).end(deflateSync(file).fill(255, 20, 40)),
        ),
      /terminated: ./,
    ],
    [
      'it redirects to itself',
      () => serve((_request, response) => response.writeHead(302, { location: '/file' }).end()),
      /a redirect to/,
    ],
    [
      'it redirects to a file',
      () => serve((_request, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end()),
      /neither http nor https/,
    ],
    ...[204, 205, 206, 304, 404, 500, 503].map((status): [string, () => Promise<string>, RegExp] => [
      `the status is ${status}`,
      () => serve((_request, response) => response.writeHead(status).end()),
      new RegExp(`HTTP status ${status}`),
    ]),
  ])('%s: SOURCE, with the cause', async (_name, start, got) => {
    const url = await start()
    await expect(read(url)).rejects.toMatchObject({
      code: 'SOURCE',
      details: { where: expect.stringContaining('/file'), got: expect.stringMatching(got), remedy: expect.stringMatching(/./) },
    })
  })

  it('gzip that is cut: `fetch` gives what there is, which is no whole file', async () => {
    const cut = gzipSync(file).subarray(0, file.length / 2)
    const url = await serve((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(cut))
    await expect(read(url)).rejects.toMatchObject({ code: expect.stringMatching(/CHECKPOINT|IMAGE/) })
  })

  it('is refused if no server answers, the name is unknown, or the address is wrong', async () => {
    const gone = await serve(() => {})
    servers.pop()!.close()
    const refusals: readonly (readonly [string, RegExp, RegExp])[] = [
      [gone, /ECONNREFUSED 127\.0\.0\.1/, /does not answer/],
      ['http://no-such-host.invalid/file', /ENOTFOUND|EAI_AGAIN/, /name of the server/],
      ['http://[bad/file', /Invalid URL/, /./],
    ]
    for (const [url, got, remedy] of refusals) {
      await expect(read(url)).rejects.toMatchObject({
        code: 'SOURCE',
        details: { got: expect.stringMatching(got), remedy: expect.stringMatching(remedy) },
      })
    }
  })

  it.each<[string, () => Promise<string>]>([
    ['does not answer', () => serve(() => {})],
    ['never ends its headers', () => serveRaw(`${head}x: `, true)],
    ['stops in the body', () => serve((_request, response) => response.writeHead(200).write('x'))],
  ])('a server that %s: the signal ends it', async (_name, start) => {
    const url = await start()
    const controller = new AbortController()
    const reading = read(url, controller.signal)
    setTimeout(() => controller.abort(new Error('enough')), 100)
    await expect(reading).rejects.toThrow('enough')
    await expect(read(url, AbortSignal.timeout(50))).rejects.toThrow('timeout')
  })

  it.each<[string, (response: ServerResponse) => void]>([
    ['a body without an end', (response) => writeEndlessly(response, new Uint8Array(2 ** 16))],
    ['a gzip bomb', (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)],
    ['a claim of 2 GB', (response) => response.writeHead(200, { 'content-length': 2 ** 31 }).write('x')],
  ])('%s is refused at the limit', async (_name, answer) => {
    const url = await serve((_request, response) => answer(response))
    await expect(read(url)).rejects.toMatchObject({ code: 'SOURCE', message: expect.stringContaining('too long') })
  })

  it('comes through the proxy that the environment names, in capitals or small letters', async () => {
    const server = await serve((_request, response) => response.end(file))
    const { port } = new URL(server)
    let asked: string[] = []
    const proxy = createServer().on('connect', (request, client: Socket) => {
      asked.push(request.url ?? '')
      const target = connect(Number(port), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n')
        target.pipe(client).pipe(target)
      })
      target.on('error', () => {})
    })
    const address = `http://${await listen(proxy)}`
    for (const name of ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'])
      vi.stubEnv(name, undefined)
    for (const name of ['HTTP_PROXY', 'http_proxy']) {
      asked = []
      vi.stubEnv(name, address)
      await read(`http://models.invalid:${port}/file`)
      expect(asked).toContain(`models.invalid:${port}`)
      vi.stubEnv(name, undefined)
    }
  })

  it('a proxy that is no address is named', async () => {
    vi.stubEnv('http_proxy', 'not an address')
    await expect(read('http://127.0.0.1:9/file')).rejects.toMatchObject({
      code: 'SOURCE',
      details: { where: expect.stringContaining('PROXY') },
    })
  })

  it('without fetch: what is missing is named', async () => {
    vi.stubGlobal('fetch', undefined)
    await expect(read('http://127.0.0.1:9/file')).rejects.toMatchObject({
      code: 'SOURCE',
      message: expect.stringContaining('without fetch'),
    })
    vi.unstubAllGlobals()
  })
})

/** 300 MB of zeros. */
const bomb = gzipSync(new Uint8Array(3e8))

it('an aborted read leaves no rejection that nobody handles', async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  const url = await serve((_request, response) => response.writeHead(200).write('x'))
  const signal = AbortSignal.timeout(100)
  const readings = [
    load(url, { signal }),
    model.classify(url, { signal }),
    load(new Blob([smallModel]), { signal: AbortSignal.abort(7) }),
  ]
  const outcomes = await Promise.allSettled(readings)
  await new Promise((resolve) => setTimeout(resolve, 50))
  process.off('unhandledRejection', note)
  expect([outcomes.every(({ status }) => status === 'rejected'), unhandled]).toEqual([true, []])
})
