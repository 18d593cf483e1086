import type { Engine, Table } from './lancedb.js'

/**
 * From this number of pictures there is an approximate index. Without one a query reads every embedding: 51 MB for 10,000 pictures.
 */
export const worthAnIndex = 10_000

/** A table is compacted from this number of small fragments. Each stored batch is one fragment at first. */
const manyFragments = 20

/**
 * Rows that the approximate index does not hold are searched one by one. If they are more than this share of all pictures, they are
 * put into it.
 */
const manyUnindexed = 0.1

const column = 'embedding'

/**
 * Joins the small files of a table, removes old versions, and makes or completes the approximate index from the size where it pays.
 * IVF_RQ keeps one bit of each channel and was built in a hundredth of the time of IVF_PQ; queries refine with the embeddings themselves.
 */
export async function tidyTable({ lancedb }: Engine, table: Table): Promise<void> {
  const [{ fragmentStats }, indices, pictures] = await Promise.all([
    table.stats(),
    table.listIndices(),
    table.countRows('problem IS NULL'),
  ])
  const index = indices.find(({ columns }) => columns.includes(column))
  const unindexed = index === undefined ? 0 : ((await table.indexStats(index.name))?.numUnindexedRows ?? 0)
  const isScattered = fragmentStats.numSmallFragments >= manyFragments || unindexed > manyUnindexed * pictures
  const needsIndex = index === undefined && pictures >= worthAnIndex
  if (!isScattered && !needsIndex) return
  await table.optimize()
  if (needsIndex) await table.createIndex(column, { config: lancedb.Index.ivfRq({ distanceType: 'cosine' }), replace: true })
  // The version that is the newest at the given time stays, with all its files, so old versions are removed in a step of their own.
  await table.optimize({ cleanupOlderThan: new Date() })
}
