import { rm } from 'node:fs/promises'
import { extname } from 'node:path'
import type { EmbeddingNetwork } from '@mobilenetv2/index'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { systemCode, systemError } from '@mobilenetv2/spec/system-errors'
import type { ResultLine } from './answer.js'
import { noticeRepeats } from './batch.js'
import { listParts, readPart } from './parts.js'
import { openJsonLines, openParquet, openTable, type ResultWriter } from './result-writers.js'

/** Options of `collectResult`. */
export interface CollectOptions {
  /** The name of the run. */
  readonly run: string
  /** The folder of the parts of the result. */
  readonly parts: string
  /** The result: a file that ends in `.jsonl` or `.parquet`, or a table that ends in `.lance`. */
  readonly to: string
  /** The number of batches of the run, as `followRun` gives it. */
  readonly batches: number
  /** The network that answered: needed for a table, which states it. */
  readonly network?: EmbeddingNetwork | undefined
}

/** What was collected. */
export interface Collected {
  /** Pictures with an answer. */
  readonly done: number
  /** Pictures without one. */
  readonly failed: number
  /** The dead-letter list: a file of JSON lines with each picture that has no answer, and the reason. Null if all have one. */
  readonly deadLetters: string | null
}

/** The endings of results. */
const endings = ['.jsonl', '.parquet', '.lance'] as const

/** @throws MobileNetV2Error `OPTION` if a result has another ending */
function endingOf(to: string): (typeof endings)[number] {
  const found = endings.find((ending) => extname(to) === ending)
  if (found !== undefined) return found
  throw new MobileNetV2Error('OPTION', 'This is no name of a result.', {
    where: 'option to',
    expected: `a path that ends in ${endings.join(', ')}`,
    got: to,
  })
}

/**
 * Where the parts of a result are while its run goes on.
 * @throws MobileNetV2Error `OPTION` unless the result ends in `.jsonl`, `.parquet` or `.lance`
 * @example
 * ```ts
 * import { partsOf } from '@mobilenetv2/queue'
 *
 * partsOf('/results/photos.jsonl') // => '/results/photos.jsonl.parts'
 * ```
 */
export function partsOf(to: string): string {
  endingOf(to)
  return `${to}.parts`
}

function deadLettersOf(to: string): string {
  return `${to.slice(0, -extname(to).length)}.failed.jsonl`
}

async function openResult({ to, network }: CollectOptions): Promise<ResultWriter> {
  const ending = endingOf(to)
  switch (ending) {
    case '.jsonl':
      return openJsonLines(to)
    case '.parquet':
      return openParquet(to)
    case '.lance':
      if (network === undefined)
        throw new MobileNetV2Error('OPTION', 'A table states its model, and none was given.', { where: 'option network' })
      return openTable(to, network)
    default:
      return ending satisfies never
  }
}

/** Checks that the part of each batch is there. */
function checkParts(ids: readonly string[], { run, parts, batches }: CollectOptions): void {
  if (ids.length >= batches) return
  throw new MobileNetV2Error('SOURCE', 'Parts of the result are not there.', {
    where: `${parts}, run ${run}`,
    expected: `${batches} parts`,
    got: `${ids.length}`,
    remedy:
      'Check that the workers write to the same disk. If the parts were deleted, submit the pictures under another name (--run).',
  })
}

/**
 * Puts the parts of a run together: a file is written whole, a table gets rows. Each picture is in the result once.
 * @throws MobileNetV2Error `SOURCE` if parts are missing or cannot be read, or if the result cannot be written; `OPTION` if the name of the
 * result has another ending, or if a table has another model; `BACKEND` if the package that writes it is not installed; `INPUT` if a table is
 * wanted and the pictures have no features
 * @example
 * ```ts
 * import { collectResult } from '@mobilenetv2/queue'
 *
 * const { done, deadLetters } = await collectResult({ run: 'photos', parts: 'photos.parts', to: 'photos.jsonl', batches: 12 })
 * console.log(done, deadLetters)
 * ```
 */
export async function collectResult(options: CollectOptions): Promise<Collected> {
  const { run, parts, to } = options
  const ids = await listParts(options)
  checkParts(ids, options)
  const deadLetters = deadLettersOf(to)
  let [done, failed] = [0, 0]
  const opened: ResultWriter[] = []
  const isNew = noticeRepeats()
  try {
    const result = await openResult(options)
    opened.push(result)
    const problems = await openJsonLines(deadLetters)
    opened.push(problems)
    for (const id of ids) {
      const lines = ((await readPart({ parts, run, id })) ?? []).filter(({ file }) => isNew(file))
      const bad = lines.filter((line): line is ResultLine & { problem: string } => 'problem' in line)
      await result.write(lines.filter((line) => !('problem' in line)))
      await problems.write(bad)
      failed += bad.length
      done += lines.length - bad.length
    }
    await result.finish()
    if (failed > 0) await problems.finish()
    else {
      await problems.drop()
      await rm(deadLetters, { force: true })
    }
    return { done, failed, deadLetters: failed > 0 ? deadLetters : null }
  } catch (cause) {
    for (const each of opened) await each.drop()
    if (systemCode(cause) === undefined) throw cause
    throw new MobileNetV2Error('SOURCE', 'The result cannot be written.', { where: to, ...systemError(cause), cause })
  }
}
