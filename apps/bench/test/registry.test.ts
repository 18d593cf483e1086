import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { contendersIn } from '../src/bench.js'
import { places } from '../src/contender.js'
import { measureDownload } from '../src/download.js'
import { installedPackage } from '../src/library.js'
import { peerFile } from '../src/peers.js'
import { contenderNames, factsOf, isContenderName } from '../src/registry.js'
import { medianStart } from '../src/start.js'

test('every contender has its module', () => {
  for (const name of contenderNames) {
    const { module, nodeModule = module } = factsOf(name)
    for (const each of [module, nodeModule]) {
      expect(existsSync(new URL(`../src/contenders/${each}.ts`, import.meta.url)), each).toBe(true)
    }
  }
})

test('every file that a peer fetches is installed', () => {
  for (const name of contenderNames) {
    for (const file of [1, 2].flatMap((threads) => places.flatMap((where) => factsOf(name).peerFiles(threads, where))))
      expect(peerFile(file), file).not.toBeNull()
  }
})

test('a library is named with the version that is installed', () => {
  expect(installedPackage('@litertjs/core')).toMatch(/^@litertjs\/core@\d+\.\d+\.\d+$/)
  expect(installedPackage('onnxruntime-web')).toMatch(/^onnxruntime-web@1\./)
  expect(installedPackage('@mobilenetv2/nothing')).toBeNull()
})

test('nothing but files of the peers is found', () => {
  for (const name of ['litert/../package.json', 'litert/..', 'toString/x', '/etc/passwd', 'litert/', 'litert/no.wasm']) {
    expect(peerFile(name), name).toBeNull()
  }
})

test('a property that every object has is not the name of a contender', () => {
  expect(isContenderName('wasm')).toBe(true)
  expect(isContenderName('constructor')).toBe(false)
})

test('a place has the contenders that can run in it, this project first, or those that were named', () => {
  expect(contendersIn('chromium', 1, null)[0]).toBe('wasm')
  expect(contendersIn('node', 1, null)).not.toContain('litert-float')
  expect(contendersIn('chromium', 2, null)).not.toContain('tfjs-webgpu')
  expect(contendersIn('webkit', 1, null)).toEqual(expect.arrayContaining(['wasm-int8', 'litert-int8']))
  expect(contendersIn('node', 2, ['litert-float'])).toEqual(['litert-float'])
})

test('of several cold starts the middle one counts', () => {
  const starts = [30, 10, 20].map((loadMs) => ({ loadMs, firstRunMs: 1 }))
  expect(medianStart(starts)).toEqual({ loadMs: 20, firstRunMs: 1 })
})

test.each(['wasm', 'wasm-int8', 'webgpu'] as const)('what a page downloads for %s is found', { timeout: 60_000 }, async (name) => {
  const { libraryBytes, readerBytes } = (await measureDownload(name, 1, 'chromium'))!
  expect(libraryBytes).toBeGreaterThan(10_000)
  expect(readerBytes).toBeGreaterThan(5000)
})
