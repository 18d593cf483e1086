import { MobileNetV2Error } from '@mobilenetv2/spec'
import { makeSchema, modelOf, toArrow } from './arrow-rows.js'
import { indexError } from './index-error.js'
import { describeModel, type EmbeddingNetwork, type IndexModel } from './index-model.js'
import { type Connection, type Engine, loadEngine, type Table } from './lancedb.js'
import { type PictureRow, unitVector } from './picture-row.js'
import { type Place, parsePlace } from './place.js'

/** How to search an index. */
export interface NearestOptions {
  /** How many pictures to give: 10 unless given. */
  readonly count?: number | undefined
}

/** A picture that is similar to another one. */
export interface Match {
  /** Its path or address. */
  readonly path: string
  /** The cosine of the angle between the two embeddings: 1 for the same picture. */
  readonly similarity: number
  /** Its most probable class; null if it was not classified. */
  readonly label: string | null
  /** The probability of that class; null without a label. */
  readonly confidence: number | null
}

/**
 * An open index of pictures: a table of LanceDB, with a row for each picture. `openIndex` and `createIndex` open one.
 *
 * Every method throws `SOURCE` if the table cannot be read or written.
 */
export interface PictureIndex {
  /** Where the table is. */
  readonly place: string
  /** The model that its embeddings are of. */
  readonly model: IndexModel
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
   * The pictures whose embeddings are most similar to one, best first.
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
  /** The number of rows, those of unreadable pictures included. */
  count(): Promise<number>
  /** Closes the table. */
  close(): void
  /** As `close`, for `using index = await openIndex(…)`. */
  [Symbol.dispose](): void
}

async function connect({ lancedb }: Engine, { folder }: Place, where: string): Promise<Connection> {
  return lancedb.connect(folder).catch((cause: unknown) => {
    throw indexError('The folder of an index cannot be opened.', where, cause)
  })
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

async function useTable(engine: Engine, table: Table, place: string, network: EmbeddingNetwork | undefined): Promise<PictureIndex> {
  const model = modelOf(await table.schema())
  if (model === null) {
    throw new MobileNetV2Error('SOURCE', 'This table is no index of pictures.', {
      where: place,
      expected: 'a table that this package made',
      remedy: 'Give another name.',
    })
  }
  if (network !== undefined) {
    const given = describeModel(network)
    if (!isSame(model, given)) throw otherModel(place, model, given)
  }
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
    async merge(rows) {
      if (rows.length === 0) return
      const paths = new Set(rows.map(({ path }) => path))
      if (paths.size < rows.length)
        throw new MobileNetV2Error('INPUT', 'Two of the rows to store have the same path.', { where: place })
      const merge = table.mergeInsert('path').whenMatchedUpdateAll().whenNotMatchedInsertAll()
      await merge.execute(toArrow(engine.arrow, model, rows)).catch(unwritable)
    },
    async nearest(embedding, { count = 10 } = {}) {
      const found = await table
        .vectorSearch(unitVector(embedding, model.channels, 'the query'))
        .column('embedding')
        .distanceType('cosine')
        .select(['path', 'label', 'confidence', '_distance'])
        .limit(count)
        .toArray()
        .catch(unreadable)
      return found.map(({ path, label, confidence, _distance }) => ({
        path: path as string,
        similarity: 1 - (_distance as number),
        label: label as string | null,
        confidence: confidence as number | null,
      }))
    },
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
  const parsed = parsePlace(place)
  const engine = loadEngine()
  const connection = await connect(engine, parsed, place)
  const names = await connection.tableNames()
  if (!names.includes(parsed.name)) {
    throw new MobileNetV2Error('SOURCE', 'There is no index.', {
      where: place,
      remedy: 'Make one: mobilenetv2 index photos/ --to photos.lance',
    })
  }
  const table = await connection.openTable(parsed.name).catch((cause: unknown) => {
    throw indexError('The index cannot be opened.', place, cause)
  })
  return useTable(engine, table, place, network)
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
  const parsed = parsePlace(place)
  const engine = loadEngine()
  const schema = makeSchema(engine.arrow, describeModel(network))
  const connection = await connect(engine, parsed, place)
  const table = await connection.createEmptyTable(parsed.name, schema, { existOk: true }).catch((cause: unknown) => {
    throw indexError('The index cannot be made.', place, cause)
  })
  return useTable(engine, table, place, network)
}
