// This file is imported lazily, because most pages classify one picture at a time.
import { abortable, type Global, refuseOption } from '@mobilenetv2/spec'
import { firstAbort } from './first-abort.js'
import type { OpenedPicture, PictureSource } from './picture-source.js'

/** @throws MobileNetV2Error `OPTION` if this is not an iterable of pictures */
export function checkPictures(pictures: unknown): void {
  const isList =
    typeof pictures === 'object' &&
    pictures !== null &&
    !ArrayBuffer.isView(pictures) &&
    (Symbol.iterator in pictures || Symbol.asyncIterator in pictures)
  if (!isList) refuseOption('pictures', pictures, 'an array or another iterable of pictures; `classify` takes one picture')
}

/** How many pictures are decoded while the network runs on an earlier one: enough for two cores, and few enough to bound memory. */
const ahead = 3

/** A picture whose decoding has begun. */
export interface OpeningPicture<Source> {
  readonly source: Source
  /** Rejects if the picture cannot be decoded. The reader closes the rows. */
  readonly opening: Promise<OpenedPicture>
}

/**
 * Decodes pictures in their order, a few ahead of the reader. A picture is given as soon as it is decoded, even if the source has
 * not given the next one yet. If the source fails, the pictures before are given first. If the reader stops early, the iterator and
 * the decoded pictures are closed.
 * @param open decodes a picture
 * @param user the caller's signal: ends the wait for the source or for a picture, with the signal's reason
 * @param life the model's signal, aborted by `dispose`; ends the wait in the same way
 */
export async function* decodeAhead<Source extends PictureSource>(
  sources: Iterable<Source> | AsyncIterable<Source>,
  open: (source: Source, signal?: Global<'AbortSignal'>) => Promise<OpenedPicture>,
  user?: Global<'AbortSignal'>,
  life?: Global<'AbortSignal'>,
): AsyncGenerator<OpeningPicture<Source>, void, void> {
  const waiting = Symbol.asyncIterator in sources ? sources[Symbol.asyncIterator]() : sources[Symbol.iterator]()
  const opened: OpeningPicture<Source>[] = []
  const { signal, release } = firstAbort([user, life])
  let asking: Promise<void> | null = null
  let isOver = false
  let isStopped = false
  let failure: { readonly cause: unknown } | null = null

  const openNext = async (): Promise<void> => {
    const next = await waiting.next()
    if (next.done || isStopped) {
      isOver = true
      return
    }
    const opening = open(next.value, signal)
    // An error is reported when the reader reaches the picture.
    opening.catch(() => {})
    opened.push({ source: next.value, opening })
  }

  /** Asks the source for its next picture, unless it is being asked already or enough pictures are ahead. */
  const fill = (): void => {
    if (asking !== null || isOver || opened.length >= ahead) return
    asking = openNext()
      .catch((cause: unknown) => {
        isOver = true
        failure = { cause }
      })
      .finally(() => {
        asking = null
        fill()
      })
  }

  try {
    for (;;) {
      signal.throwIfAborted()
      fill()
      const [current] = opened
      if (current !== undefined) {
        await abortable(
          current.opening.catch(() => {}),
          signal,
        )
        opened.shift()
        fill()
        yield current
      } else if (asking !== null) await abortable(asking, signal)
      else break
    }
    if (failure !== null) throw (failure as { readonly cause: unknown }).cause
  } finally {
    isStopped = true
    const isAborted = signal.aborted
    release()
    for (const { opening } of opened) opening.then(({ rows }) => rows.close()).catch(() => {})
    // A source may never answer if it is still being asked, or after an abort. So its end is not awaited then.
    if (asking !== null || isAborted) void Promise.resolve(waiting.return?.()).catch(() => {})
    else if (!isOver) await waiting.return?.()
  }
}
