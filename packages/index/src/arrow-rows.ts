import type { IndexModel } from './index-model.js'
import type { Arrow, Rows } from './lancedb.js'
import { type PictureRow, unitVector } from './picture-row.js'

/** The key of the schema's metadata under which a table states its model. */
const modelKey = 'mobilenetv2'

/** Marks a column as the key: if two programs merge the same key at the same time, LanceDB refuses to insert it twice. */
const key = new Map([['lance-schema:unenforced-primary-key', 'true']])

type Schema = InstanceType<Arrow['Schema']>

/** The columns of an index, and its model as metadata. */
export function makeSchema({ Schema, Field, Utf8, Float32, Float64, FixedSizeList }: Arrow, model: IndexModel): Schema {
  const fields = [
    new Field('path', new Utf8(), false, key),
    new Field('size', new Float64(), true),
    new Field('modified', new Float64(), true),
    new Field('hash', new Utf8(), true),
    new Field('embedding', new FixedSizeList(model.channels, new Field('item', new Float32(), true)), true),
    new Field('label', new Utf8(), true),
    new Field('confidence', new Float32(), true),
    new Field('problem', new Utf8(), true),
  ]
  return new Schema(fields, new Map([[modelKey, JSON.stringify(model)]]))
}

/** The model that the schema of a table states; null if it states none, because something else made the table. */
export function modelOf(schema: Schema): IndexModel | null {
  const text = schema.metadata.get(modelKey)
  // Only this package writes the key.
  return text === undefined ? null : (JSON.parse(text) as IndexModel)
}

/** Rows as an Arrow table, with embeddings of length 1. */
export function toArrow(arrow: Arrow, model: IndexModel, rows: readonly PictureRow[]): Rows {
  const { Float32, Float64, Utf8, Struct, RecordBatch, Table, makeData, vectorFromArray } = arrow
  const { channels } = model
  const schema = makeSchema(arrow, model)
  const values = new Float32Array(rows.length * channels)
  const valid = new Uint8Array(Math.ceil(rows.length / 8))
  let missing = 0
  for (const [index, row] of rows.entries()) {
    if ('embedding' in row) {
      values.set(unitVector(row.embedding, channels, row.path), index * channels)
      valid[index >> 3]! |= 1 << (index & 7)
    } else missing += 1
  }
  const texts = (get: (row: PictureRow) => string | null) => vectorFromArray(rows.map(get), new Utf8()).data[0]
  const numbers = (get: (row: PictureRow) => number | null, type: unknown) => vectorFromArray(rows.map(get), type).data[0]
  const child = makeData({ type: new Float32(), data: values, length: values.length })
  const embeddings = makeData({
    type: schema.fields.find(({ name }) => name === 'embedding')!.type,
    length: rows.length,
    nullCount: missing,
    ...(missing === 0 ? {} : { nullBitmap: valid }),
    child,
  })
  const children = [
    texts(({ path }) => path),
    numbers(({ size }) => size, new Float64()),
    numbers(({ modified }) => modified, new Float64()),
    texts(({ hash }) => hash),
    embeddings,
    texts((row) => ('embedding' in row ? row.label : null)),
    numbers((row) => ('embedding' in row ? row.confidence : null), new Float32()),
    texts((row) => ('embedding' in row ? null : row.problem)),
  ]
  const data = makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children })
  return new Table(schema, new RecordBatch(schema, data))
}
