import { createRequire } from 'node:module'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { nodeCode } from '@mobilenetv2/spec/system-errors'

// The members of LanceDB and of Apache Arrow that are used. The packages are not installed where this is compiled.

/** A part of an Arrow array: only passed on. */
export interface Data {
  readonly length: number
}

/** An Arrow table of rows that are to be written: only passed on. */
export interface Rows {
  readonly numRows: number
}

interface Schema {
  readonly metadata: ReadonlyMap<string, string>
  readonly fields: readonly { readonly name: string; readonly type: unknown }[]
}

interface Vector {
  readonly data: readonly [Data]
}

/** The members of `apache-arrow`. */
export interface Arrow {
  readonly Schema: new (fields: readonly unknown[], metadata?: ReadonlyMap<string, string>) => Schema
  readonly Field: new (name: string, type: unknown, nullable: boolean, metadata?: ReadonlyMap<string, string>) => unknown
  readonly Utf8: new () => unknown
  readonly Float32: new () => unknown
  readonly Float64: new () => unknown
  readonly Struct: new (fields: readonly unknown[]) => unknown
  readonly FixedSizeList: new (size: number, field: unknown) => unknown
  readonly RecordBatch: new (schema: Schema, data: Data) => unknown
  readonly Table: new (schema: Schema, batch: unknown) => Rows
  vectorFromArray(values: readonly (string | number | null)[], type: unknown): Vector
  makeData(parts: {
    readonly type: unknown
    readonly length: number
    readonly nullCount?: number | undefined
    readonly nullBitmap?: Uint8Array | undefined
    readonly data?: Float32Array | undefined
    readonly child?: Data | undefined
    readonly children?: readonly Data[] | undefined
  }): Data
}

/** A row as a query gives it: the columns that were selected. */
export type Found = Readonly<Record<string, unknown>>

interface Batch extends Iterable<Found | null> {}

/** A query without a vector. */
export interface Query extends AsyncIterable<Batch> {
  select(columns: readonly string[]): Query
  where(filter: string): Query
  limit(count: number): Query
  toArray(): Promise<readonly Found[]>
}

/** A query for the nearest vectors. */
export interface VectorQuery {
  addQueryVector(vector: Float32Array): VectorQuery
  column(name: string): VectorQuery
  distanceType(type: 'cosine'): VectorQuery
  select(columns: readonly string[]): VectorQuery
  where(filter: string): VectorQuery
  limit(count: number): VectorQuery
  nprobes(count: number): VectorQuery
  refineFactor(factor: number): VectorQuery
  bypassVectorIndex(): VectorQuery
  toArray(): Promise<readonly Found[]>
}

interface Merge {
  whenMatchedUpdateAll(): Merge
  whenNotMatchedInsertAll(): Merge
  execute(rows: Rows): Promise<unknown>
}

/** An open table. */
export interface Table {
  schema(): Promise<Schema>
  countRows(filter?: string): Promise<number>
  mergeInsert(column: string): Merge
  delete(filter: string): Promise<unknown>
  query(): Query
  vectorSearch(vector: Float32Array): VectorQuery
  optimize(options?: { readonly cleanupOlderThan?: Date | undefined }): Promise<unknown>
  createIndex(column: string, options: { readonly config: unknown; readonly replace: boolean }): Promise<void>
  listIndices(): Promise<readonly { readonly name: string; readonly columns: readonly string[] }[]>
  indexStats(name: string): Promise<{ readonly numUnindexedRows: number } | undefined>
  stats(): Promise<{ readonly fragmentStats: { readonly numSmallFragments: number } }>
  close(): void
}

/** A folder of tables. */
export interface Connection {
  tableNames(): Promise<readonly string[]>
  openTable(name: string): Promise<Table>
  createEmptyTable(name: string, schema: Schema, options: { readonly existOk: boolean }): Promise<Table>
  close(): void
}

/** The members of `@lancedb/lancedb`. */
export interface LanceDb {
  connect(uri: string, options: { readonly readConsistencyInterval: number }): Promise<Connection>
  readonly Index: {
    ivfRq(options: { readonly distanceType: 'cosine' }): unknown
  }
}

/** LanceDB and the Arrow package that it uses. */
export interface Engine {
  readonly lancedb: LanceDb
  readonly arrow: Arrow
}

let loaded: Engine | null = null

/**
 * Loads LanceDB at the first call.
 * @throws MobileNetV2Error `BACKEND` if it is not installed, or cannot run here
 */
export function loadEngine(): Engine {
  if (loaded !== null) return loaded
  // `require` finds packages in NODE_PATH too, and `import` does not. Both packages are CommonJS.
  const fromHere = createRequire(import.meta.url)
  try {
    const lancedb = fromHere('@lancedb/lancedb') as LanceDb
    // LanceDB must be given the classes of its own copy of Arrow.
    const arrow = createRequire(fromHere.resolve('@lancedb/lancedb'))('apache-arrow') as Arrow
    loaded = { lancedb, arrow }
    return loaded
  } catch (cause) {
    const [line] = (cause instanceof Error ? cause.message : String(cause)).split('\n')
    throw nodeCode(cause) === 'MODULE_NOT_FOUND'
      ? new MobileNetV2Error('BACKEND', 'An index of pictures needs LanceDB, which is not installed.', {
          expected: 'the package @lancedb/lancedb, and its binary for this platform',
          got: line,
          remedy: 'npm install @lancedb/lancedb',
          cause,
        })
      : new MobileNetV2Error('BACKEND', 'LanceDB cannot be loaded here.', { got: line, cause })
  }
}
