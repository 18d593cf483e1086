import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import type { DownloadProgress } from '../src/download/transfer.js'
import type { FileLocation } from '../src/entry.js'
import { type CheckedFile, fetchModelFile, type OpenZooModelOptions } from '../src/model-file.js'
import { type Behaviour, type FaultServer, serve, startFaultServer } from './fault-server.js'
import { content, shortPatience, testEntry } from './test-entry.js'

/** The cache of the running test: a folder of its own, empty at first. */
export let cache: string
const servers: FaultServer[] = []

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'zoo-cache-'))
})
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
  rmSync(cache, { recursive: true })
})

/** The number of bytes that `get` has received since the last request. */
let loaded = 0

/** A server that is stopped after the test. */
export async function start(behaviour: Behaviour): Promise<FaultServer> {
  const server = await startFaultServer((request, response, nth) => {
    loaded = 0
    return behaviour(request, response, nth)
  })
  servers.push(server)
  return server
}

export const good: Behaviour = (request, response) => serve(content, request, response)

/**
 * Ends the connection when `get` has received `received` bytes: bytes that are still on their way may be lost when a connection is
 * destroyed.
 */
export async function cut(response: ServerResponse, received: number): Promise<void> {
  await vi.waitUntil(() => loaded >= received, { timeout: 30_000, interval: 2 })
  response.destroy()
}

/** Downloads the test's file into the test's cache. */
export function get(
  urls: readonly string[],
  location: Partial<FileLocation> = {},
  options: OpenZooModelOptions = {},
): Promise<CheckedFile> {
  const onProgress = (progress: DownloadProgress): void => {
    loaded = progress.loaded
    options.onProgress?.(progress)
  }
  return fetchModelFile(testEntry(urls, location), { cache, ...options, onProgress }, shortPatience)
}

/** The message of the error that the promise ends in. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => 'no error',
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(MobileNetV2Error)
  expect((error as MobileNetV2Error).code).toBe('SOURCE')
  return (error as MobileNetV2Error).message
}

/** Expects that the cache contains the right file and its record, and nothing else. */
export function expectRightFile(): void {
  expect(readFileSync(join(cache, 'model.bin')).equals(content)).toBe(true)
  expect(readdirSync(cache).sort()).toEqual(['model.bin', 'model.bin.json'])
}
