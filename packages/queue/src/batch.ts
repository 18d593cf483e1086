import { createHash } from 'node:crypto'
import type { Question } from './answer.js'

/** A batch of pictures, which is the data of a job. */
export interface Batch {
  /** The name of the run that it belongs to. */
  readonly run: string
  /** Its name in the run. It follows from its place and its pictures, so that submitting it again gives it the same name. */
  readonly id: string
  /** The folder of the parts of the result. */
  readonly parts: string
  readonly question: Question
  /** The paths or addresses of its pictures. */
  readonly files: readonly string[]
}

/** Digits of a SHA-256 that tell batches and runs apart. */
const digits = 12

/** The first digits of the SHA-256 of texts. */
export function shortHash(texts: readonly string[]): string {
  return createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, digits)
}

/** A JavaScript set holds at most 2^24 values. So there are many sets, each for the values of some hashes. */
const sets = 256

/** Tells whether a text is new. */
export function noticeRepeats(): (text: string) => boolean {
  const seen = Array.from({ length: sets }, () => new Set<string>())
  return (text) => {
    let hash = 0
    for (let at = 0; at < text.length; at++) hash = (31 * hash + text.charCodeAt(at)) | 0
    const set = seen[(hash ^ (hash >>> 16)) & (sets - 1)]!
    const { size } = set
    return set.add(text).size > size
  }
}

/** Puts addresses into batches, in their order. An address that came before is left out. */
export async function* toBatches(
  files: Iterable<string> | AsyncIterable<string>,
  size: number,
): AsyncGenerator<Pick<Batch, 'id' | 'files'>> {
  const isNew = noticeRepeats()
  let batch: string[] = []
  let count = 0
  const finish = (): Pick<Batch, 'id' | 'files'> => {
    const finished = { id: `${String(count).padStart(8, '0')}-${shortHash(batch)}`, files: batch }
    count += 1
    batch = []
    return finished
  }
  for await (const file of files) {
    if (isNew(file)) batch.push(file)
    if (batch.length === size) yield finish()
  }
  if (batch.length > 0) yield finish()
}
