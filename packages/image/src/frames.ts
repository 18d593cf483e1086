import { checkOptionNames, type Global, integerOption, MobileNetV2Error, signalOption } from '@mobilenetv2/spec'
import { framesOfFile } from '#frames'
import { checkFile, type DecodeOptions, decode, refusalOf } from './decode.js'
import { otherFormats } from './formats.js'
import { maxPixels, type Picture } from './picture.js'
import { isAnimatedPng } from './png.js'

/** One frame of an animated picture as a viewer shows it, drawn over the frames before it. */
export interface Frame extends Picture {
  /** The number of the frame, from 0. */
  readonly index: number
  /** How long the frame is shown, in milliseconds; 0 if the file does not say. */
  readonly delay: number
}

/** The options of `decodeFrames`. */
export interface FramesOptions extends Omit<DecodeOptions, 'shrinkFor'> {
  /** Most frames that a picture may have: 1 or more. 100 unless given. */
  readonly most?: number | undefined
  /** When it is aborted, decoding ends with its reason. */
  readonly signal?: Global<'AbortSignal'> | undefined
}

/** Most pixels of all frames together: 100 frames of 5 megapixels. */
const mostPixels = 8 * maxPixels

function refuse(what: string, where: string, expected: string, got: string, remedy: string): never {
  throw new MobileNetV2Error('IMAGE', what, { where, expected, got, remedy })
}

/**
 * Decodes the frames of an animated GIF or WebP one after the other, with few of them in memory at once. Any other picture has one frame.
 * A browser needs `ImageDecoder` for it (Chrome 94, Firefox 133, Safari 26 or later).
 * @param bytes the file
 * @throws MobileNetV2Error `IMAGE` as `decode`, and if the picture has more than `most` frames, is an animated PNG or AVIF, or if the
 * browser cannot decode frames; `OPTION` if an option is unknown or not allowed
 * @throws the signal's reason if the signal is aborted
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { decodeFrames } from '@mobilenetv2/image'
 *
 * for await (const { index, delay, width, height } of decodeFrames(await readFile('cat.gif'))) {
 *   console.log(`frame ${index}: ${width} x ${height}, ${delay} ms`)
 * }
 * ```
 */
export async function* decodeFrames(bytes: Uint8Array, options: FramesOptions = {}): AsyncGenerator<Frame, void, void> {
  const { most = 100, signal, ...rest } = options
  checkOptionNames(rest, ['file', 'background'])
  integerOption('most', most, 1, Number.MAX_SAFE_INTEGER)
  signalOption(signal)
  signal?.throwIfAborted()
  const opening = await checkFile(bytes, rest)
  const { format, where, size } = opening
  const isSequence = format === 'PNG' ? isAnimatedPng(bytes) : format === 'AVIF' && bytes[8] === 0x61 && bytes[11] === 0x73
  if (isSequence) {
    refuse(
      `The frames of an animated ${format} are not read.`,
      where,
      'an animated GIF or WebP',
      format,
      'Convert it to an animated WebP. `decode` and `classify` read its first frame.',
    )
  }
  if (format !== 'GIF' && format !== 'WebP') {
    yield { ...(await decode(bytes, rest)), index: 0, delay: 0 }
    return
  }
  const orientation = format === 'WebP' ? (await otherFormats()).withoutOrientation(bytes).orientation : 1
  const checkCount = (count: number): void => {
    if (count > most) {
      refuse('A picture has too many frames.', where, `at most ${most} frames`, `${count} frames`, 'Raise the option `most`.')
    }
    if (size === undefined || count * size.width * size.height <= mostPixels) return
    const got = `${count} frames of ${size.width} x ${size.height}`
    refuse(
      'The frames of a picture are too large.',
      where,
      `at most ${mostPixels} pixels together`,
      got,
      'Scale the picture down first.',
    )
  }
  const frames = framesOfFile(bytes, opening, checkCount)
  try {
    for (;;) {
      const { value: frame, done } = await frames.next().catch(async (cause) => {
        throw await refusalOf(bytes, where, cause)
      })
      if (done) return
      signal?.throwIfAborted()
      yield orientation === 1 ? frame : { ...frame, ...(await otherFormats()).turned(frame, orientation) }
    }
  } finally {
    await frames.return()
  }
}
