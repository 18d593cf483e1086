import type { PictureRows } from '@mobilenetv2/image'
import { openPicture, type PictureSource } from './picture-source.js'

/** Pictures that are being decoded while an earlier one is computed: enough for two cores, few enough for flat memory. */
const ahead = 3

/**
 * Decodes pictures in their order, a few ahead of the reader, who closes what it gets; a picture that cannot be decoded is a rejected
 * outcome.
 */
export async function* decodeAhead<Source extends PictureSource>(
  sources: Iterable<Source> | AsyncIterable<Source>,
  signal?: AbortSignal,
): AsyncGenerator<{ source: Source; decoded: PromiseSettledResult<PictureRows> }, void, void> {
  const waiting = Symbol.asyncIterator in sources ? sources[Symbol.asyncIterator]() : sources[Symbol.iterator]()
  const opened: { source: Source; opening: Promise<PictureRows> }[] = []
  const openNext = async (): Promise<void> => {
    const next = await waiting.next()
    if (next.done) return
    const opening = openPicture(next.value, signal)
    // Its failure is told when its turn comes.
    opening.catch(() => {})
    opened.push({ source: next.value, opening })
  }
  try {
    for (let count = 0; count < ahead; count++) await openNext()
    for (let current = opened[0]; current !== undefined; current = opened[0]) {
      const [decoded] = await Promise.allSettled([current.opening])
      signal?.throwIfAborted()
      await openNext()
      opened.shift()
      yield { source: current.source, decoded }
    }
  } finally {
    for (const { opening } of opened) opening.then((rows) => rows.close()).catch(() => {})
  }
}
