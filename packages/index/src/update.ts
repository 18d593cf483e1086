import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { isMissing, nodeCode, systemCode, systemError } from '@mobilenetv2/spec/system-errors'
import pMap, { pMapIterable } from 'p-map'
import type { PictureIndex } from './picture-index.js'
import type { FileState, PictureRow } from './picture-row.js'

/** A picture that is to be embedded. */
export interface PictureToEmbed {
  /** Its whole path. */
  readonly path: string
  /** The content of its file. */
  readonly bytes: Uint8Array
}

/** What a model says about a picture. */
export interface EmbeddedPicture {
  /** The pooled features `[channels]`. */
  readonly embedding: Float32Array
  /** The most probable class; missing if it is not asked for. */
  readonly label?: string | undefined
  /** The probability of that class. */
  readonly confidence?: number | undefined
}

/** How to bring an index up to date. */
export interface UpdateOptions {
  /**
   * Embeds one picture. If it throws an error with the code `IMAGE`, the picture is stored as unreadable. After every other error the picture
   * is tried again by the next update.
   */
  readonly embed: (picture: PictureToEmbed) => Promise<EmbeddedPicture>
  /** How many pictures are embedded at the same time: 3 unless given. */
  readonly atOnce?: number | undefined
  /** Called for each picture that was read: `done` of the `total` to read. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined
}

/** A picture that could not be embedded, and why. */
export interface Failure {
  /** Its whole path. */
  readonly path: string
  /** Why it could not be embedded, in one line. */
  readonly problem: string
}

/** What an update has to do. */
export interface UpdatePlan {
  /** Pictures to read, because they are new or their files have changed. */
  readonly toRead: readonly ToRead[]
  /** How many pictures are stored and have not changed, unreadable ones included. */
  readonly unchanged: number
  /** How many of them are unreadable. */
  readonly unreadable: number
  /** Stored pictures whose files are gone. */
  readonly gone: readonly string[]
  /** Files whose size and time cannot be read. */
  readonly failed: readonly Failure[]
  /** For the SHA-256 of each stored content, the path of a picture that has it. */
  readonly known: ReadonlyMap<string, string>
}

/** A picture that an update reads. */
export interface ToRead extends Omit<FileState, 'hash'> {
  /** Whether the index has no row for its path. */
  readonly isNew: boolean
}

/** What an update did. */
export interface UpdateReport {
  /** Pictures that are new in the index. */
  readonly added: number
  /** Pictures whose files had changed. */
  readonly changed: number
  /** How many of these were not embedded anew, because the index had their content under this or another path. */
  readonly reused: number
  /** Pictures that had not changed. */
  readonly unchanged: number
  /** Pictures whose files are gone. */
  readonly removed: number
  /** Pictures that cannot be decoded, and were not known to be so. They are stored as unreadable until their files change. */
  readonly unreadable: readonly Failure[]
  /** Unreadable pictures that were known, and have not changed. */
  readonly stillUnreadable: number
  /** Pictures that failed for another reason, such as a missing permission. The next update tries them again. */
  readonly failed: readonly Failure[]
}

/** So many rows are stored at once. */
const batchRows = 256

/** Rows are stored after this time even if there are fewer, so that an interruption costs no more work than this. */
const batchMilliseconds = 10_000

const statsAtOnce = 32

/** Whether a path lies in a folder. */
const isWithin = (path: string, folder: string): boolean => path.startsWith(folder.endsWith(sep) ? folder : folder + sep)

/**
 * The first sentence of an error, and what was found. The other lines of the message are left out: a picture is given as bytes, so they
 * do not name its file.
 */
function problemOf(error: unknown): string {
  if (systemCode(error) !== undefined) return `The file cannot be read: ${systemError(error).got}.`
  const [sentence = '', ...lines] = (error instanceof Error ? error.message : String(error)).split('\n')
  const got = lines.find((line) => line.startsWith('  got: '))
  return got === undefined ? sentence : `${sentence} It is ${got.slice('  got: '.length)}.`
}

async function isGone(path: string): Promise<boolean> {
  return stat(path).then(
    () => false,
    // A folder that cannot be read says nothing about its files.
    (error: unknown) => isMissing(error),
  )
}

/**
 * Compares files with an index: which of them are new or changed, and which of the stored ones are gone. It reads sizes and times only.
 * @param files paths of pictures
 * @param folders stored pictures in these folders that are not among `files` are gone, if the system says that they are not there
 * @throws MobileNetV2Error `SOURCE` if the index cannot be read
 * @example
 * ```ts
 * import { openIndex, planUpdate } from '@mobilenetv2/index'
 *
 * using index = await openIndex('photos.lance')
 * const { toRead, gone } = await planUpdate(index, ['photos/cat.jpg'], ['photos'])
 * console.log(`${toRead.length} to read, ${gone.length} gone`)
 * ```
 */
export async function planUpdate(
  index: PictureIndex,
  files: readonly string[],
  folders: readonly string[] = [],
): Promise<UpdatePlan> {
  const stored = await index.files()
  const paths = [...new Set(files.map((file) => resolve(file)))]
  const toRead: ToRead[] = []
  const failed: Failure[] = []
  let unchanged = 0
  let unreadable = 0
  const look = async (path: string): Promise<void> => {
    const { size, mtimeMs } = await stat(path)
    const modified = Math.floor(mtimeMs)
    const known = stored.get(path)
    if (known?.size === size && known.modified === modified) {
      unchanged += 1
      if (known.problem !== null) unreadable += 1
    } else toRead.push({ path, size, modified, isNew: known === undefined })
  }
  await pMap(paths, (path) => look(path).catch((error: unknown) => failed.push({ path, problem: problemOf(error) })), {
    concurrency: statsAtOnce,
  })
  const given = new Set(paths)
  const within = folders.map((folder) => resolve(folder))
  const absent = [...stored.keys()].filter((path) => !given.has(path) && within.some((folder) => isWithin(path, folder)))
  const areGone = await pMap(absent, isGone, { concurrency: statsAtOnce })
  const known = new Map<string, string>()
  for (const [path, { hash, problem }] of stored) if (hash !== null && problem === null) known.set(hash, path)
  // In the order of the files, so that neighbours on the disk are read one after the other.
  const order = new Map(paths.map((path, place) => [path, place]))
  toRead.sort((one, other) => order.get(one.path)! - order.get(other.path)!)
  return { toRead, unchanged, unreadable, gone: absent.filter((_, place) => areGone[place]), failed, known }
}

type Read =
  | { readonly kind: 'row'; readonly row: PictureRow; readonly from: ToRead }
  | { readonly kind: 'reuse'; readonly state: FileState; readonly source: string; readonly from: ToRead }
  | { readonly kind: 'failed'; readonly failure: Failure }

async function read(from: ToRead, known: UpdatePlan['known'], embed: UpdateOptions['embed']): Promise<Read> {
  const { path, size, modified } = from
  try {
    const bytes = await readFile(path)
    const hash = createHash('sha256').update(bytes).digest('hex')
    const state = { path, size, modified, hash }
    const source = known.get(hash)
    if (source !== undefined) return { kind: 'reuse', state, source, from }
    try {
      const { embedding, label = null, confidence = null } = await embed({ path, bytes })
      return { kind: 'row', row: { ...state, embedding, label, confidence }, from }
    } catch (error) {
      if (nodeCode(error) !== 'IMAGE') throw error
      return { kind: 'row', row: { ...state, problem: problemOf(error) }, from }
    }
  } catch (error) {
    return { kind: 'failed', failure: { path, problem: problemOf(error) } }
  }
}

/** Rows for files whose content the index has under the path `source`. */
async function reuseRows(index: PictureIndex, reused: readonly (Read & { readonly kind: 'reuse' })[]): Promise<PictureRow[]> {
  if (reused.length === 0) return []
  const rows = await index.rows([...new Set(reused.map(({ source }) => source))])
  const sources = new Map(rows.map((row) => [row.path, row]))
  return reused.map(({ state, source }) => ({ ...sources.get(source)!, ...state }))
}

/**
 * Brings an index up to date with files: embeds the pictures that are new or changed, and removes those that are gone. Pictures are stored in
 * batches, each completely or not at all. After an interruption at any point the next update goes on where this one ended.
 * @param plan what `planUpdate` found
 * @throws MobileNetV2Error `SOURCE` if the index cannot be read or written, such as on a full disk. What was stored before is kept
 * @example
 * ```ts
 * import { createIndex, planUpdate, updateIndex } from '@mobilenetv2/index'
 * import { load } from 'mobilenetv2'
 *
 * const model = await load()
 * using index = await createIndex('photos.lance', model.network)
 * const plan = await planUpdate(index, ['cat.jpg', 'dog.jpg'])
 * const { added, unreadable } = await updateIndex(index, plan, {
 *   embed: async ({ bytes }) => ({ embedding: await model.embed(bytes) }),
 * })
 * console.log(added, unreadable.length)
 * ```
 */
export async function updateIndex(index: PictureIndex, plan: UpdatePlan, options: UpdateOptions): Promise<UpdateReport> {
  const { embed, atOnce = 3, onProgress } = options
  const { toRead, known } = plan
  const count = { added: 0, changed: 0, reused: 0 }
  const unreadable: Failure[] = []
  const failed = [...plan.failed]
  let batch: Exclude<Read, { readonly kind: 'failed' }>[] = []
  let storedAt = performance.now()
  let storing: Promise<void> = Promise.resolve()
  const store = async (reads: typeof batch): Promise<void> => {
    const reused = reads.filter((each) => each.kind === 'reuse')
    const rows = reads.flatMap((each) => (each.kind === 'row' ? [each.row] : []))
    await index.merge([...rows, ...(await reuseRows(index, reused))])
    for (const each of reads) {
      count[each.from.isNew ? 'added' : 'changed'] += 1
      if (each.kind === 'reuse') count.reused += 1
      else if ('problem' in each.row) unreadable.push({ path: each.from.path, problem: each.row.problem })
    }
  }
  const results = pMapIterable(toRead, (from) => read(from, known, embed), { concurrency: atOnce, backpressure: 2 * atOnce })
  let done = 0
  for await (const each of results) {
    if (each.kind === 'failed') failed.push(each.failure)
    else batch.push(each)
    done += 1
    onProgress?.({ done, total: toRead.length })
    if (batch.length < batchRows && performance.now() - storedAt < batchMilliseconds) continue
    // One batch is stored while the next one is embedded.
    await storing
    storing = store(batch)
    // It is awaited later, and must not count as unhandled until then.
    storing.catch(() => {})
    batch = []
    storedAt = performance.now()
  }
  await storing
  await store(batch)
  // Only now, because moved pictures take their embeddings from their old rows.
  await index.remove(plan.gone)
  await index.tidy()
  return { ...count, unchanged: plan.unchanged, removed: plan.gone.length, unreadable, stillUnreadable: plan.unreadable, failed }
}
