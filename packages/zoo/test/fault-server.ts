import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a server does with the nth request (from 1) for its file. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse, nth: number) => unknown

/** A server for one file, that misbehaves as it is told. */
export interface FaultServer {
  readonly url: string
  /** The `Range` header of each request so far. */
  readonly ranges: (string | undefined)[]
  close(): Promise<void>
}

export async function startFaultServer(behaviour: Behaviour): Promise<FaultServer> {
  const ranges: (string | undefined)[] = []
  const server = createServer((request, response) => {
    ranges.push(request.headers.range)
    Promise.resolve(behaviour(request, response, ranges.length)).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.bin`,
    ranges,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Answers as a good server does: a request for a range with only that range. */
export function serve(bytes: Buffer, request: IncomingMessage, response: ServerResponse, etag: string | null = '"one"'): void {
  const start = Number(request.headers.range?.match(/^bytes=(\d+)-$/)?.[1] ?? 0)
  if (etag !== null) response.setHeader('etag', etag)
  if (start > 0) response.setHeader('content-range', `bytes ${start}-${bytes.length - 1}/${bytes.length}`)
  response.setHeader('content-length', bytes.length - start)
  response.statusCode = start > 0 ? 206 : 200
  response.end(bytes.subarray(start))
}

/** Announces the whole file, sends as much as `length` of it, and then does no more. */
export async function sendPart(
  bytes: Buffer,
  response: ServerResponse,
  length: number,
  etag: string | null = '"one"',
): Promise<void> {
  if (etag !== null) response.setHeader('etag', etag)
  response.setHeader('content-length', bytes.length)
  await new Promise((resolve) => response.write(bytes.subarray(0, length), resolve))
}
