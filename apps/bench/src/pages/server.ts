import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { json } from 'node:stream/consumers'
import { peerFile } from '../peers.js'
import { bundlesPath, filesPath, peersPath } from './paths.js'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
}

/** Headers that isolate the page from other origins, which gives it shared memory and exact clocks. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const

/** A local server that serves everything the pages load. */
export interface PageServer {
  readonly origin: string
  /** The peers' files that were requested since the last call. */
  takePeerFiles(): ReadonlySet<string>
  close(): Promise<void>
}

/**
 * @param bundles the files under `/bundles/`
 * @param files the files under `/files/`: the models and the pictures
 * @param script the bundle that the page starts with, if any
 * @param answer answers the POST requests of a page
 */
export async function startServer(
  bundles: ReadonlyMap<string, Uint8Array>,
  files: ReadonlyMap<string, Uint8Array>,
  script?: string,
  answer?: (path: string, body: unknown) => Promise<unknown>,
): Promise<PageServer> {
  let peerFiles = new Set<string>()

  const find = async (path: string): Promise<Uint8Array | undefined> => {
    if (path === '/') {
      const start = script === undefined ? '' : `<script type="module" src="${bundlesPath}${script}"></script>`
      return new TextEncoder().encode(`<!doctype html><title>bench</title>${start}`)
    }
    if (path.startsWith(bundlesPath)) return bundles.get(path.slice(bundlesPath.length))
    if (path.startsWith(filesPath)) return files.get(path.slice(filesPath.length))
    if (!path.startsWith(peersPath)) return undefined
    const name = path.slice(peersPath.length).replace(/^[^/]*\//, '')
    const file = peerFile(name)
    if (file === null) return undefined
    peerFiles.add(name)
    return readFile(file)
  }

  const respond = async (path: string, response: ServerResponse): Promise<void> => {
    const body = await find(path)
    if (body === undefined) {
      response.writeHead(404, isolation).end()
      return
    }
    const type = path === '/' ? types['.html'] : types[extname(path)]
    response.writeHead(200, {
      ...isolation,
      'Content-Type': type ?? 'application/octet-stream',
      'Content-Length': body.length,
      'Cache-Control': 'max-age=3600',
    })
    response.end(body)
  }

  const respondToPost = async (path: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await answer?.(path, await json(request))
    response.writeHead(200, { ...isolation, 'Content-Type': 'application/json' }).end(JSON.stringify(body ?? null))
  }

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const responding = request.method === 'POST' ? respondToPost(pathname, request, response) : respond(pathname, response)
    responding.catch(() => response.writeHead(500, isolation).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takePeerFiles() {
      const taken = peerFiles
      peerFiles = new Set()
      return taken
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
