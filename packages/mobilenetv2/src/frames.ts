import { decodeFrames, type Frame, type FramesOptions as ImageFramesOptions } from '@mobilenetv2/image'
import { isPictureFile, type PictureFile, type TakenFile, takeFile } from './picture-file.js'

/** Options of `framesOf`. */
export type FramesOptions = Omit<ImageFramesOptions, 'file'>

async function take(source: PictureFile, { signal }: FramesOptions): Promise<TakenFile> {
  if (isPictureFile(source)) return takeFile(source, signal)
  throw (await import('./refusals.js')).notAPicture(source)
}

/**
 * The frames of an animated GIF or WebP, complete as a viewer shows them. Each frame is decoded when it is asked for. Any other picture
 * gives one frame. A browser needs `ImageDecoder` for this.
 * @throws MobileNetV2Error `SOURCE` if the file cannot be read; `IMAGE` if it is not a picture, has more than `most` frames, or is an
 * animated PNG or AVIF; `OPTION` if an option is wrong; the signal's reason
 * @example
 * ```ts
 * import { framesOf, load } from 'mobilenetv2'
 *
 * const model = await load()
 * for await (const outcome of model.classifyBatch(framesOf('cat.gif'))) {
 *   if (!('error' in outcome)) console.log(outcome.answers[0]?.label)
 * }
 * ```
 */
export function framesOf(source: PictureFile, options: FramesOptions = {}): AsyncGenerator<Frame, void, void> {
  const taking = take(source, options)
  // The generator may never be asked for a frame.
  taking.catch(() => {})
  return (async function* () {
    const { file, read } = await taking
    yield* decodeFrames(await read(), { ...options, file })
  })()
}
