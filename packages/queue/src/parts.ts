import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing } from '@mobilenetv2/spec/system-errors'
import type { ResultLine } from './answer.js'
import type { Batch } from './batch.js'
import { beginFile } from './rising-file.js'

// A part is the result of one batch: a file of JSON lines. It is written under a temporary name and then renamed, so that it is whole or not
// there, and a batch that is answered twice has one part.

const ending = '.jsonl'

const pathOf = ({ parts, run, id }: Pick<Batch, 'parts' | 'run' | 'id'>): string => join(parts, run, `${id}${ending}`)

/** A line of a part. Features are the bytes of float32 values, little-endian, in base64. */
type StoredLine = { readonly file: string } & (
  | { readonly top: Exclude<ResultLine, { problem: string }>['top']; readonly embedding: string | null }
  | { readonly problem: string }
)

function toStored(line: ResultLine): StoredLine {
  if ('problem' in line) return line
  const { embedding, ...rest } = line
  if (embedding === null) return { ...rest, embedding }
  return { ...rest, embedding: Buffer.from(embedding.buffer, embedding.byteOffset, embedding.byteLength).toString('base64') }
}

function fromStored(line: StoredLine): ResultLine {
  if ('problem' in line) return line
  if (line.embedding === null) return { ...line, embedding: null }
  // A copy, because Node's buffers need not begin at a multiple of four bytes.
  return { ...line, embedding: new Float32Array(new Uint8Array(Buffer.from(line.embedding, 'base64')).buffer) }
}

/** Writes the part of a batch; replaces one that is there. */
export async function writePart(batch: Batch, lines: readonly ResultLine[]): Promise<void> {
  await mkdir(join(batch.parts, batch.run), { recursive: true })
  const file = await beginFile(pathOf(batch))
  try {
    await file.write(lines.map((line) => `${JSON.stringify(toStored(line))}\n`).join(''))
    await file.finish()
  } catch (error) {
    await file.drop().catch(() => undefined)
    throw error
  }
}

/** The lines of a part; null if it is not written. */
export async function readPart(batch: Pick<Batch, 'parts' | 'run' | 'id'>): Promise<ResultLine[] | null> {
  try {
    const text = await readFile(pathOf(batch), 'utf8')
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => fromStored(JSON.parse(line) as StoredLine))
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** The names of the batches of a run whose parts are written, in the order of the batches. */
export async function listParts({ parts, run }: Pick<Batch, 'parts' | 'run'>): Promise<string[]> {
  const names = await readdir(join(parts, run)).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  return names
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort()
}
