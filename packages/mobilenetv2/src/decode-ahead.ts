import type { Picture } from '@mobilenetv2/image'
import { openPicture, type PictureSource } from './picture-source.js'

/** Pictures that are being decoded while an earlier one is computed: enough for two cores, few enough for flat memory. */
const ahead = 3

/** Decodes pictures in their order, a few ahead of the reader; a picture that cannot be decoded is a rejected outcome. */
export async function* decodeAhead<Source extends PictureSource>(
  sources: Iterable<Source> | AsyncIterable<Source>,
  signal?: AbortSignal,
): AsyncGenerator<{ source: Source; decoded: PromiseSettledResult<Picture> }, void, void> {
  const waiting = Symbol.asyncIterator in sources ? sources[Symbol.asyncIterator]() : sources[Symbol.iterator]()
  const opened: { source: Source; settled: Promise<PromiseSettledResult<Picture>[]> }[] = []
  const openNext = async (): Promise<void> => {
    const next = await waiting.next()
    if (!next.done) opened.push({ source: next.value, settled: Promise.allSettled([openPicture(next.value, signal)]) })
  }
  for (let count = 0; count < ahead; count++) await openNext()
  for (let current = opened.shift(); current !== undefined; current = opened.shift()) {
    const [decoded] = await current.settled
    signal?.throwIfAborted()
    await openNext()
    if (decoded !== undefined) yield { source: current.source, decoded }
  }
}
