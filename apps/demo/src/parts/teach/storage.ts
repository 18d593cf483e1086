import { createStore, delMany, get, getMany, keys, setMany, type UseStore } from 'idb-keyval'
import type { TaughtClass } from './lesson.js'

/** What this browser keeps of a lesson. */
export interface Kept {
  readonly classes: readonly TaughtClass[]
  /** Whether the classes had been learned, so that they are learned again after a reload. */
  readonly taught: boolean
}

/** A lesson without its pictures, each of which is an entry of its own. */
interface Stored {
  readonly version: 1
  readonly classes: readonly { readonly key: number; readonly name: string; readonly samples: readonly string[] }[]
  readonly taught: boolean
}

const lessonEntry = 'lesson'
const pictureEntry = (id: string): string => `picture:${id}`

let store: UseStore | null = null
const opened = (): UseStore => {
  store ??= createStore('mobilenetv2-teach', 'lesson')
  return store
}

/** What was kept at an earlier visit; null if nothing was. A picture that is gone is left out. */
export async function readKept(): Promise<Kept | null> {
  const stored = await get<Stored>(lessonEntry, opened())
  if (stored === undefined || stored.version !== 1) return null
  const ids = stored.classes.flatMap(({ samples }) => samples)
  const files = await getMany<Blob>(ids.map(pictureEntry), opened())
  const fileOf = new Map(ids.map((id, index) => [id, files[index]]))
  return {
    taught: stored.taught,
    classes: stored.classes.map(({ key, name, samples }) => ({
      key,
      name,
      samples: samples.flatMap((id) => {
        const file = fileOf.get(id)
        return file === undefined ? [] : [{ id, file }]
      }),
    })),
  }
}

/** Makes what is kept equal to a lesson: new pictures are written, those that it no longer has are deleted. */
async function write({ classes, taught }: Kept): Promise<void> {
  const samples = classes.flatMap((one) => one.samples)
  const wanted = new Set(samples.map(({ id }) => pictureEntry(id)))
  const found = new Set(await keys<string>(opened()))
  const stored: Stored = {
    version: 1,
    classes: classes.map(({ key, name, samples: own }) => ({ key, name, samples: own.map(({ id }) => id) })),
    taught,
  }
  await setMany(
    [
      ...samples.filter(({ id }) => !found.has(pictureEntry(id))).map(({ id, file }): [string, Blob] => [pictureEntry(id), file]),
      [lessonEntry, stored],
    ],
    opened(),
  )
  await delMany(
    [...found].filter((entry) => entry !== lessonEntry && !wanted.has(entry)),
    opened(),
  )
}

let waiting: Kept | null = null
let writing: Promise<void> | null = null

async function writeAll(): Promise<void> {
  try {
    while (waiting !== null) {
      const next = waiting
      waiting = null
      await write(next)
    }
  } finally {
    writing = null
  }
}

/**
 * Keeps a lesson. If several come while one is written, only the last of them is written. Rejects if the browser has no room or keeps
 * nothing.
 */
export function keep(lesson: Kept): Promise<void> {
  waiting = lesson
  writing ??= writeAll()
  return writing
}
