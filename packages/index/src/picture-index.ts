import { integerOption, MobileNetV2Error, refuseOption } from '@mobilenetv2/spec'
import { makeSchema, modelOf, toArrow } from './arrow-rows.js'
import { type DuplicateGroup, type DuplicatesOptions, findDuplicates } from './duplicates.js'
import { type Filter, isOneOf, sqlOf } from './filter.js'
import { indexError } from './index-error.js'
import { describeModel, type EmbeddingNetwork, type IndexModel } from './index-model.js'
import { type Engine, type Found, loadEngine, type Table } from './lancedb.js'
import {
  embeddingOf,
  type Listed,
  listedColumns,
  listedOf,
  type Match,
  matchOf,
  type NearestOptions,
  nearestQuery,
} from './nearest.js'
import { type EmbeddedRow, type FileState, type PictureRow, unitVector } from './picture-row.js'
import { parsePlace } from './place.js'
import { tidyTable } from './tidy.js'

/** What an index says about a picture's file. */
export interface StoredFile extends Omit<FileState, 'path'> {
  /** Why the picture could not be read; null if it was read. */
  readonly problem: string | null
}

/**
 * An open index of pictures: a table of LanceDB, with a row for each picture. `openIndex` and `createIndex` open one.
 *
 * Every method throws `SOURCE` if the table cannot be read or written.
 */
export interface PictureIndex {
  /** Where the table is. */
  readonly place: string
  /** The model that made its embeddings. */
  readonly model: IndexModel
  /**
   * Compares the model of the index with a network.
   * @throws MobileNetV2Error `OPTION` if the index was made with another model; `INPUT` if the network has no embeddings
   * @example
   * ```ts
   * import { openIndex } from '@mobilenetv2/index'
   * import { load } from 'mobilenetv2'
   *
   * using index = await openIndex('photos.lance')
   * const model = await load(index.model.file)
   * index.check(model.network)
   * ```
   */
  check(network: EmbeddingNetwork): void
  /**
   * Stores rows: all of them or, if it fails, none. A row replaces the one with the same path, also if several programs store rows at the
   * same time.
   * @throws MobileNetV2Error `INPUT` if an embedding does not fit the model, or if two rows have the same path; `SOURCE`
   * @example
   * ```ts
   * import { createIndex } from '@mobilenetv2/index'
   * import { load } from 'mobilenetv2'
   *
   * const model = await load()
   * using index = await createIndex('photos.lance', model.network)
   * const embedding = await model.embed('cat.jpg')
   * await index.merge([{ path: 'cat.jpg', size: null, modified: null, hash: null, embedding, label: null, confidence: null }])
   * ```
   */
  merge(rows: readonly PictureRow[]): Promise<void>
  /**
   * The pictures whose embeddings are most similar to `embedding`, best first.
   * @throws MobileNetV2Error `INPUT` if the embedding does not fit the model; `SOURCE`
   * @example
   * ```ts
   * import { openIndex } from '@mobilenetv2/index'
   * import { load } from 'mobilenetv2'
   *
   * const model = await load()
   * using index = await openIndex('photos.lance', model.network)
   * for (const { path, similarity } of await index.nearest(await model.embed('cat.jpg'))) console.log(similarity, path)
   * ```
   */
  nearest(embedding: Float32Array, options?: NearestOptions): Promise<Match[]>
  /**
   * The groups of near-duplicates, sorted by the path of their first picture.
   * @throws MobileNetV2Error `OPTION` if the similarity is not from 0 to 1; `SOURCE`
   * @example
   * ```ts
   * import { openIndex } from '@mobilenetv2/index'
   *
   * using index = await openIndex('photos.lance')
   * for (const { pictures } of await index.duplicates({ similarity: 0.97 })) console.log(pictures.map(({ path }) => path))
   * ```
   */
  duplicates(options?: DuplicatesOptions): Promise<DuplicateGroup[]>
  /**
   * The pictures that were read, sorted by path.
   * @throws MobileNetV2Error `SOURCE`
   * @example
   * ```ts
   * import { openIndex } from '@mobilenetv2/index'
   *
   * using index = await openIndex('photos.lance')
   * for (const { path, confidence } of await index.pictures({ label: '*terrier' })) console.log(confidence, path)
   * ```
   */
  pictures(filter?: Filter): Promise<Listed[]>
  /**
   * The rows of some paths, with embeddings of length 1, in any order. Pictures that could not be read are left out.
   * @throws MobileNetV2Error `SOURCE`
   * @example
   * ```ts
   * import { openIndex } from '@mobilenetv2/index'
   *
   * using index = await openIndex('photos.lance')
   * const [row] = await index.rows(['cat.jpg'])
   * console.log(row?.embedding)
   * ```
   */
  rows(paths: readonly string[]): Promise<EmbeddedRow[]>
  /**
   * What is stored about each file, by its path.
   * @throws MobileNetV2Error `SOURCE`
   * @example
   * ```ts
   * import { openIndex } from '@mobilenetv2/index'
   *
   * using index = await openIndex('photos.lance')
   * for (const [path, { problem }] of await index.files()) if (problem !== null) console.log(path, problem)
   * ```
   */
  files(): Promise<Map<string, StoredFile>>
  /**
   * Removes the rows of some paths. A path without a row changes nothing.
   * @throws MobileNetV2Error `SOURCE`
   * @example
   * ```ts
   * import { openIndex } from '@mobilenetv2/index'
   *
   * using index = await openIndex('photos.lance')
   * await index.remove(['cat.jpg'])
   * ```
   */
  remove(paths: readonly string[]): Promise<void>
  /**
   * Joins small files and removes old versions, if there are many. From 10,000 pictures it makes or completes the approximate index, with
   * which queries read only a part of the table.
   * @throws MobileNetV2Error `SOURCE`
   * @example
   * ```ts
   * import { openIndex } from '@mobilenetv2/index'
   *
   * using index = await openIndex('photos.lance')
   * await index.tidy()
   * ```
   */
  tidy(): Promise<void>
  /** The number of rows, those of unreadable pictures included. */
  count(): Promise<number>
  /** Closes the table. */
  close(): void
  /** As `close`, for `using index = await openIndex(…)`. */
  [Symbol.dispose](): void
}

/** Reads see what other programs have stored. */
const fresh = { readConsistencyInterval: 0 }

/** The table at a place; null if there is none. */
async function findTable({ lancedb }: Engine, place: string): Promise<Table | null> {
  const { folder, name } = parsePlace(place)
  try {
    const connection = await lancedb.connect(folder, fresh)
    return (await connection.tableNames()).includes(name) ? await connection.openTable(name) : null
  } catch (cause) {
    throw indexError('The index cannot be opened.', place, cause)
  }
}

async function makeTable({ lancedb, arrow }: Engine, place: string, model: IndexModel): Promise<Table> {
  const { folder, name } = parsePlace(place)
  try {
    const connection = await lancedb.connect(folder, fresh)
    // Another program may have made it meanwhile.
    return await connection.createEmptyTable(name, makeSchema(arrow, model), { existOk: true })
  } catch (cause) {
    throw indexError('The index cannot be made.', place, cause)
  }
}

function otherModel(where: string, expected: IndexModel, got: IndexModel): MobileNetV2Error {
  const words = ({ file, hash, input, recipe }: IndexModel): string =>
    `${file} (${hash.slice(0, 12)}), ${input.join(' x ')}, ${JSON.stringify(recipe)}`
  return new MobileNetV2Error('OPTION', 'This index was made with another model, so its embeddings cannot be compared.', {
    where,
    expected: `the model of the index: ${words(expected)}`,
    got: words(got),
    remedy: 'Give the model with which the index was made, or make a new index with this one.',
  })
}

const isSame = (one: IndexModel, other: IndexModel): boolean =>
  one.hash === other.hash && JSON.stringify([one.recipe, one.input]) === JSON.stringify([other.recipe, other.input])

/** Most paths in one expression of SQL. */
const pathsAtOnce = 500

function* inParts(paths: readonly string[]): Generator<readonly string[]> {
  for (let from = 0; from < paths.length; from += pathsAtOnce) yield paths.slice(from, from + pathsAtOnce)
}

function countOption(count: number | undefined): void {
  if (count !== undefined) integerOption('count', count, 1, mostMatches)
}

function similarityOption(similarity: number | undefined): void {
  if (similarity !== undefined && !(similarity >= 0 && similarity <= 1))
    refuseOption('similarity', similarity, 'a number from 0 to 1')
}

/** Most pictures that a search gives. */
const mostMatches = 10_000

function rowOf(found: Found): EmbeddedRow {
  const { size, modified, hash } = found as unknown as FileState
  return { ...listedOf(found), size, modified, hash, embedding: embeddingOf(found) }
}

async function useTable(engine: Engine, table: Table, place: string, network: EmbeddingNetwork | undefined): Promise<PictureIndex> {
  const model = modelOf(await table.schema())
  if (model === null) {
    throw new MobileNetV2Error('SOURCE', 'This table is no index of pictures.', {
      where: place,
      expected: 'a table that this package made',
      remedy: 'Give another name.',
    })
  }
  const check = (network: EmbeddingNetwork): void => {
    const given = describeModel(network)
    if (!isSame(model, given)) throw otherModel(place, model, given)
  }
  if (network !== undefined) check(network)
  const failing =
    (what: string) =>
    (cause: unknown): never => {
      throw indexError(what, place, cause)
    }
  const unreadable = failing('The index cannot be read.')
  const unwritable = failing('The index cannot be written.')
  const close = (): void => table.close()
  return {
    place,
    model,
    check,
    async merge(rows) {
      if (rows.length === 0) return
      const paths = new Set(rows.map(({ path }) => path))
      if (paths.size < rows.length)
        throw new MobileNetV2Error('INPUT', 'Two of the rows to store have the same path.', { where: place })
      const merge = table.mergeInsert('path').whenMatchedUpdateAll().whenNotMatchedInsertAll()
      await merge.execute(toArrow(engine.arrow, model, rows)).catch(unwritable)
    },
    async nearest(embedding, options = {}) {
      countOption(options.count)
      const vector = unitVector(embedding, model.channels, 'the query')
      const found = await nearestQuery(table, [vector], options)
        .select([...listedColumns, '_distance'])
        .toArray()
        .catch(unreadable)
      return found.map(matchOf)
    },
    async duplicates(options = {}) {
      similarityOption(options.similarity)
      return findDuplicates(table, options).catch(unreadable)
    },
    async pictures(filter = {}) {
      const found = await table.query().where(sqlOf(filter)).select(listedColumns).toArray().catch(unreadable)
      return found.map(listedOf).sort((one, other) => (one.path < other.path ? -1 : 1))
    },
    async rows(paths) {
      const rows: EmbeddedRow[] = []
      for (const some of inParts(paths)) {
        const found = await table
          .query()
          .where(`${sqlOf({})} AND ${isOneOf(some)}`)
          .toArray()
          .catch(unreadable)
        rows.push(...found.map(rowOf))
      }
      return rows
    },
    async files() {
      const columns = ['path', 'size', 'modified', 'hash', 'problem']
      const found = await table.query().select(columns).toArray().catch(unreadable)
      return new Map(
        found.map(({ path, size, modified, hash, problem }) => [path, { size, modified, hash, problem }] as [string, StoredFile]),
      )
    },
    async remove(paths) {
      for (const some of inParts(paths)) await table.delete(isOneOf(some)).catch(unwritable)
    },
    tidy: () => tidyTable(engine, table).catch(unwritable),
    count: () => table.countRows().catch(unreadable),
    close,
    [Symbol.dispose]: close,
  }
}

/**
 * Opens an index that is there.
 * @param place its path or address, such as `photos.lance` or `s3://bucket/photos.lance`
 * @param network the network whose embeddings will be compared with those of the index
 * @throws MobileNetV2Error `OPTION` if the index was made with another model, or if the place does not end in `.lance`; `SOURCE` if there is
 * no index, or if it cannot be read; `BACKEND` if LanceDB is not installed; `INPUT` if the network has no embeddings
 * @example
 * ```ts
 * import { openIndex } from '@mobilenetv2/index'
 *
 * using index = await openIndex('photos.lance')
 * console.log(await index.count(), index.model.file)
 * ```
 */
export async function openIndex(place: string, network?: EmbeddingNetwork): Promise<PictureIndex> {
  const engine = loadEngine()
  const table = await findTable(engine, place)
  if (table !== null) return useTable(engine, table, place, network)
  throw new MobileNetV2Error('SOURCE', 'There is no index.', {
    where: place,
    remedy: `Make one: mobilenetv2 index <pictures> --to ${place}`,
  })
}

/**
 * Opens an index, and makes it first if it is not there.
 * @param place its path or address, such as `photos.lance` or `s3://bucket/photos.lance`
 * @param network the network whose embeddings the index holds
 * @throws MobileNetV2Error `OPTION` if the index was made with another model, or if the place does not end in `.lance`; `SOURCE` if it cannot
 * be made or read; `BACKEND` if LanceDB is not installed; `INPUT` if the network has no embeddings
 * @example
 * ```ts
 * import { createIndex } from '@mobilenetv2/index'
 * import { load } from 'mobilenetv2'
 *
 * const model = await load()
 * using index = await createIndex('photos.lance', model.network)
 * ```
 */
export async function createIndex(place: string, network: EmbeddingNetwork): Promise<PictureIndex> {
  const engine = loadEngine()
  const table = (await findTable(engine, place)) ?? (await makeTable(engine, place, describeModel(network)))
  return useTable(engine, table, place, network)
}
