import { createIndex, type EmbeddingNetwork, type PictureRow } from '@mobilenetv2/index'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import type { ResultLine } from './answer.js'
import { loadPackage } from './load-package.js'
import { beginFile } from './rising-file.js'

/** A result, as it is written: a file, or a table. */
export interface ResultWriter {
  write(lines: readonly ResultLine[]): Promise<void>
  /** Finishes the result. Until then, no file has its name, or a file that was there before is unchanged. */
  finish(): Promise<void>
  /** Leaves the result as it was, if it is a file. */
  drop(): Promise<void>
}

/** A result line as text: features as an array of numbers. */
function textOf(line: ResultLine): string {
  if ('problem' in line) return JSON.stringify(line)
  const { file, top, embedding } = line
  return JSON.stringify({ file, ...(top && { top }), ...(embedding && { embedding: Array.from(embedding) }) })
}

/** Writes JSON lines. */
export async function openJsonLines(path: string): Promise<ResultWriter> {
  const file = await beginFile(path)
  return {
    write: (lines) => file.write(lines.map((line) => `${textOf(line)}\n`).join('')),
    finish: file.finish,
    drop: file.drop,
  }
}

/** Takes the bytes of a Parquet file. `index` is the number of bytes in its memory, which are not flushed yet. */
interface ByteWriter {
  index: number
  getBytes(): Uint8Array
  flush?(): Promise<void>
  finish(): unknown
}

interface ParquetPackage {
  readonly ByteWriter: new () => ByteWriter
  readonly ParquetWriter: new (options: {
    readonly writer: ByteWriter
    readonly schema: readonly object[]
  }) => {
    write(rows: { readonly columnData: readonly object[]; readonly rowGroupSize: number }): unknown
    finish(): unknown
  }
}

const optional = { repetition_type: 'OPTIONAL' } as const

/** The columns of a Parquet file. A list has three levels, as the format demands. */
const schema = [
  { name: 'root', num_children: 6 },
  { name: 'file', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
  { name: 'label', type: 'BYTE_ARRAY', converted_type: 'UTF8', ...optional },
  { name: 'probability', type: 'FLOAT', ...optional },
  { name: 'top', type: 'BYTE_ARRAY', converted_type: 'JSON', ...optional },
  { name: 'embedding', converted_type: 'LIST', num_children: 1, ...optional },
  { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
  { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
  { name: 'problem', type: 'BYTE_ARRAY', converted_type: 'UTF8', ...optional },
]

type Answered = Exclude<ResultLine, { problem: string }>

const ifAnswered =
  <Value>(value: (line: Answered) => Value | undefined) =>
  (line: ResultLine): Value | null =>
    'problem' in line ? null : (value(line) ?? null)

const columns: Readonly<Record<string, (line: ResultLine) => unknown>> = {
  file: ({ file }: ResultLine) => file,
  label: ifAnswered(({ top }) => top?.[0]?.label),
  probability: ifAnswered(({ top }) => top?.[0]?.probability),
  top: ifAnswered(({ top }) => top),
  embedding: ifAnswered(({ embedding }) => (embedding === null ? null : Array.from(embedding))),
  problem: (line: ResultLine) => ('problem' in line ? line.problem : null),
}

/** Features are not compressed: floating-point numbers get no shorter, and it would take long. */
const raw = { codec: 'UNCOMPRESSED', encoding: 'PLAIN', statistics: false }

/** Rows that are written at once: 10 MB of features. */
const rowGroup = 2048

/** Gathers lines, so that `write` gets `count` of them, and fewer only at the end. */
function gather(count: number, write: (lines: readonly ResultLine[]) => Promise<void>): Pick<ResultWriter, 'write' | 'finish'> {
  let gathered: ResultLine[] = []
  return {
    async write(lines) {
      gathered.push(...lines)
      while (gathered.length >= count) {
        await write(gathered.slice(0, count))
        gathered = gathered.slice(count)
      }
    },
    async finish() {
      if (gathered.length > 0) await write(gathered)
    },
  }
}

/**
 * Writes a Parquet file.
 * @throws MobileNetV2Error `BACKEND` if hyparquet-writer is not installed
 */
export async function openParquet(path: string): Promise<ResultWriter> {
  const { ByteWriter, ParquetWriter } = loadPackage<ParquetPackage>('hyparquet-writer', 'A Parquet file')
  const file = await beginFile(path)
  const writer = new ByteWriter()
  const flush = async (): Promise<void> => {
    await file.write(writer.getBytes())
    writer.index = 0
  }
  writer.flush = flush
  writer.finish = flush
  const parquet = new ParquetWriter({ writer, schema })
  const rows = gather(rowGroup, async (lines) => {
    const columnData = Object.entries(columns).map(([name, value]) => ({
      name,
      data: lines.map(value),
      ...(name === 'embedding' ? raw : {}),
    }))
    await parquet.write({ columnData, rowGroupSize: rowGroup })
  })
  return {
    write: rows.write,
    async finish() {
      await rows.finish()
      await parquet.finish()
      await file.finish()
    },
    drop: file.drop,
  }
}

function rowOf(line: ResultLine): PictureRow {
  const state = { path: line.file, size: null, modified: null, hash: null }
  if ('problem' in line) return { ...state, problem: line.problem }
  const { top, embedding } = line
  if (embedding === null) throw new MobileNetV2Error('INPUT', 'A table needs the features of the pictures.', { where: line.file })
  return { ...state, embedding, label: top?.[0]?.label ?? null, confidence: top?.[0]?.probability ?? null }
}

/** Rows that a table gets at once: 40 MB of features. */
const rowsAtOnce = 8192

/**
 * Writes rows into a table of LanceDB. A row replaces the one with the same path.
 * @throws MobileNetV2Error as `createIndex` of `@mobilenetv2/index`
 */
export async function openTable(place: string, network: EmbeddingNetwork): Promise<ResultWriter> {
  const index = await createIndex(place, network)
  const rows = gather(rowsAtOnce, (lines) => index.merge(lines.map(rowOf)))
  return {
    write: rows.write,
    async finish() {
      await rows.finish()
      index.close()
    },
    drop: async () => index.close(),
  }
}
