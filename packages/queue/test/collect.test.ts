import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ResultLine } from '../src/answer.js'
import { collectResult, partsOf } from '../src/collect.js'
import { listParts, readPart, writePart } from '../src/parts.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mobilenetv2-queue-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const top = [{ index: 0, label: 'cat', probability: 0.5 }]
const cat = (file: string): ResultLine => ({ file, top, embedding: Float32Array.of(0.25, -3) })

/** Writes a part with these lines. */
async function write(id: string, lines: readonly ResultLine[]): Promise<void> {
  const question = { top: 1, embedding: true }
  await writePart(
    { run: 'run', id, parts: partsOf(join(folder, 'a.jsonl')), question, files: lines.map(({ file }) => file) },
    lines,
  )
}

const place = () => ({ run: 'run', parts: partsOf(join(folder, 'a.jsonl')) })

const linesOf = (name: string): unknown[] =>
  readFileSync(join(folder, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

it('reads a part as it was written', async () => {
  const lines = [cat('a'), { file: 'b', problem: 'why' }, { file: 'c', top: null, embedding: null }]
  await write('1', lines)
  expect(await readPart({ ...place(), id: '1' })).toEqual(lines)
  expect(await readPart({ ...place(), id: '2' })).toBe(null)
})

it('has one part for a batch that was answered twice, and no part of a batch whose writing was interrupted', async () => {
  await write('1', [cat('a')])
  await write('1', [cat('a')])
  writeFileSync(join(place().parts, 'run', '2.jsonl.0123456789ab.tmp'), '{"file":')
  expect(await listParts(place())).toEqual(['1'])
})

it('puts parts together: each picture once, in the order of the batches, pictures without an answer apart', async () => {
  await write('2', [cat('c'), cat('a')])
  await write('1', [cat('a'), { file: 'b', problem: 'why' }])
  const to = join(folder, 'a.jsonl')
  const collected = await collectResult({ ...place(), to, batches: 2 })
  expect(collected).toEqual({ done: 2, failed: 1, deadLetters: join(folder, 'a.failed.jsonl') })
  expect(linesOf('a.jsonl')).toEqual([
    { file: 'a', top, embedding: [0.25, -3] },
    { file: 'c', top, embedding: [0.25, -3] },
  ])
  expect(linesOf('a.failed.jsonl')).toEqual([{ file: 'b', problem: 'why' }])
})

it('removes the list of failed pictures of an earlier run if none failed', async () => {
  writeFileSync(join(folder, 'a.failed.jsonl'), '{}')
  await write('1', [cat('a')])
  expect(await collectResult({ ...place(), to: join(folder, 'a.jsonl'), batches: 1 })).toMatchObject({ deadLetters: null })
  expect(existsSync(join(folder, 'a.failed.jsonl'))).toBe(false)
})

it('writes nothing if parts are missing', async () => {
  await write('1', [cat('a')])
  const collecting = collectResult({ ...place(), to: join(folder, 'a.jsonl'), batches: 2 })
  await expect(collecting).rejects.toThrow(/Parts of the result are not there[\s\S]*2 parts[\s\S]*got: 1/)
  expect(readdirSync(folder)).toEqual(['a.jsonl.parts'])
})

it('leaves no file behind if the result cannot be written', async () => {
  await write('1', [cat('a')])
  mkdirSync(join(folder, 'a.jsonl'))
  const collecting = collectResult({ ...place(), to: join(folder, 'a.jsonl'), batches: 1 })
  await expect(collecting).rejects.toThrow(/The result cannot be written[\s\S]*a folder has this name/)
  expect(readdirSync(folder).sort()).toEqual(['a.jsonl', 'a.jsonl.parts'])
})

it('refuses a result whose ending it does not know', () => {
  expect(() => partsOf('a.csv')).toThrow(expect.objectContaining({ code: 'OPTION' }))
})
