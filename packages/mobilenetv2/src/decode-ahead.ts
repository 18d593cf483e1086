import type { PictureRows } from '@mobilenetv2/image'
import { openPicture, type PictureSource } from './picture-source.js'

/** How many pictures are decoded while the network runs on an earlier one: enough for two cores, and few enough to bound memory. */
const ahead = 3

/** A picture whose decoding has begun. */
export interface OpeningPicture<Source> {
  readonly source: Source
  /** Rejects if the picture cannot be decoded. The reader closes the rows. */
  readonly opening: Promise<PictureRows>
  /** `performance.now()` when the decoding began. */
  readonly start: number
}

/** Decodes pictures in their order, a few ahead of the reader. If the reader stops early, the iterator and the decoded pictures are closed. */
export async function* decodeAhead<Source extends PictureSource>(
  sources: Iterable<Source> | AsyncIterable<Source>,
  signal?: AbortSignal,
): AsyncGenerator<OpeningPicture<Source>, void, void> {
  const waiting = Symbol.asyncIterator in sources ? sources[Symbol.asyncIterator]() : sources[Symbol.iterator]()
  const opened: OpeningPicture<Source>[] = []
  let isOver = false
  const openNext = async (): Promise<void> => {
    const next = await waiting.next()
    isOver = next.done === true
    if (next.done) return
    const opening = openPicture(next.value, signal)
    // An error is reported when the reader reaches the picture.
    opening.catch(() => {})
    opened.push({ source: next.value, opening, start: performance.now() })
  }
  try {
    for (let count = 0; count < ahead && !isOver; count++) await openNext()
    for (let current = opened[0]; current !== undefined; current = opened[0]) {
      await current.opening.catch(() => {})
      signal?.throwIfAborted()
      if (!isOver) await openNext()
      opened.shift()
      yield current
    }
  } finally {
    for (const { opening } of opened) opening.then((rows) => rows.close()).catch(() => {})
    if (!isOver) await waiting.return?.()
  }
}
