import { type Filter, sqlOf } from './filter.js'
import type { Table } from './lancedb.js'
import { embeddingOf, type Listed, listedColumns, listedOf, matchOf, nearestQuery } from './nearest.js'

/** What counts as a near-duplicate. */
export interface DuplicatesOptions extends Filter {
  /** The least similarity of two near-duplicates: 0.9 unless given. */
  readonly similarity?: number | undefined
  /** Called after each batch of pictures: `done` of the `total` were compared. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined
}

/** Two near-duplicates. */
export interface Pair {
  /** The paths of the two pictures, sorted. */
  readonly paths: readonly [string, string]
  /** The cosine of the angle between their embeddings. */
  readonly similarity: number
}

/** A group of pictures. Each is a near-duplicate of at least one other picture in the group. */
export interface DuplicateGroup {
  /** The pictures, sorted by path. */
  readonly pictures: readonly Listed[]
  /** The pairs that join them, the most similar first. */
  readonly pairs: readonly Pair[]
}

/** How many nearest pictures of each picture are looked at. A larger group is still found, because its pairs join it. */
const neighbours = 10

/** Embeddings that are searched with one query. LanceDB searches them on all processors. */
const atOnce = 64

interface Embedded {
  readonly picture: Listed
  readonly embedding: Float32Array
}

/** Joins pairs to groups. */
export function groupPairs(pairs: readonly Pair[], listed: ReadonlyMap<string, Listed>): DuplicateGroup[] {
  const parents = new Map<string, string>()
  const rootOf = (path: string): string => {
    let root = path
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) root = parent
    // Later searches for this path are short.
    if (root !== path) parents.set(path, root)
    return root
  }
  for (const { paths } of pairs) {
    const [one, other] = paths.map(rootOf) as [string, string]
    if (one !== other) parents.set(other, one)
  }
  const groups = new Map<string, Pair[]>()
  for (const pair of pairs) {
    const root = rootOf(pair.paths[0])
    const group = groups.get(root)
    if (group === undefined) groups.set(root, [pair])
    else group.push(pair)
  }
  return Array.from(groups.values(), (group) => ({
    pictures: [...new Set(group.flatMap(({ paths }) => paths))].sort().map((path) => listed.get(path)!),
    pairs: group.sort((one, other) => other.similarity - one.similarity),
  })).sort((one, other) => (one.pictures[0]!.path < other.pictures[0]!.path ? -1 : 1))
}

/** The groups of near-duplicates in a table. */
export async function findDuplicates(
  table: Table,
  { similarity: least = 0.9, onProgress, ...filter }: DuplicatesOptions,
): Promise<DuplicateGroup[]> {
  const total = await table.countRows(sqlOf(filter))
  const pairs = new Map<string, Pair>()
  const listed = new Map<string, Listed>()
  let done = 0
  const search = async (rows: readonly Embedded[]): Promise<void> => {
    const query = nearestQuery(
      table,
      rows.map(({ embedding }) => embedding),
      // The nearest picture of each is itself.
      { ...filter, count: neighbours + 1 },
    )
    // LanceDB's own limit of the distance is compared with the approximate distances, before the exact ones are known.
    for (const found of await query.select([...listedColumns, '_distance']).toArray()) {
      const { similarity, ...match } = matchOf(found)
      if (similarity < least) continue
      // LanceDB leaves `query_index` out if there is one query.
      const { picture } = rows[Number(found.query_index ?? 0)]!
      if (picture.path === match.path) continue
      const paths = picture.path < match.path ? ([picture.path, match.path] as const) : ([match.path, picture.path] as const)
      pairs.set(paths.join('\0'), { paths, similarity })
      listed.set(match.path, match).set(picture.path, picture)
    }
    done += rows.length
    onProgress?.({ done, total })
  }
  let waiting: Embedded[] = []
  for await (const batch of table
    .query()
    .where(sqlOf(filter))
    .select([...listedColumns, 'embedding'])) {
    for (const found of batch) {
      if (found === null) continue
      waiting.push({ picture: listedOf(found), embedding: embeddingOf(found) })
      if (waiting.length < atOnce) continue
      await search(waiting)
      waiting = []
    }
  }
  if (waiting.length > 0) await search(waiting)
  return groupPairs([...pairs.values()], listed)
}
