import { type Filter, sqlOf } from './filter.js'
import type { Found, Table, VectorQuery } from './lancedb.js'

/** How to search an index. */
export interface NearestOptions extends Filter {
  /** How many pictures to give: 10 unless given. */
  readonly count?: number | undefined
  /** Compares with every embedding, and does not use the approximate index. */
  readonly exact?: boolean | undefined
}

/** A picture as an index lists it. */
export interface Listed {
  /** Its path or address. */
  readonly path: string
  /** Its most probable class; null if it was not classified. */
  readonly label: string | null
  /** The probability of that class; null without a label. */
  readonly confidence: number | null
}

/** A picture that is similar to another one. */
export interface Match extends Listed {
  /** The cosine of the angle between the two embeddings: 1 for the same picture. */
  readonly similarity: number
}

/** The columns of `Listed`. */
export const listedColumns: readonly string[] = ['path', 'label', 'confidence']

/** How many `parts` of the approximate index are searched, and how many `candidates` are compared exactly for each picture wanted. */
const searched = { parts: 50, candidates: 20 } as const

/** Reads the columns of `listedColumns`. */
export function listedOf({ path, label, confidence }: Found): Listed {
  return { path: path as string, label: label as string | null, confidence: confidence as number | null }
}

/** Reads the column `embedding`. */
export function embeddingOf({ embedding }: Found): Float32Array {
  return (embedding as { toArray(): Float32Array }).toArray()
}

/** Reads a row of a vector query. */
export function matchOf(found: Found): Match {
  return { ...listedOf(found), similarity: 1 - (found._distance as number) }
}

/** A query for the pictures that are nearest to an embedding of length 1, or to each of several. */
export function nearestQuery(
  table: Table,
  [first, ...others]: readonly Float32Array[],
  { count = 10, exact = false, ...filter }: NearestOptions,
): VectorQuery {
  let query = table.vectorSearch(first!)
  for (const other of others) query = query.addQueryVector(other)
  query = query.column('embedding').distanceType('cosine').limit(count)
  const isFiltered = filter.path !== undefined || filter.label !== undefined
  if (isFiltered) query = query.where(sqlOf(filter))
  return exact ? query.bypassVectorIndex() : query.nprobes(searched.parts).refineFactor(searched.candidates)
}
