import { decodeFrames, type Frame, type FramesOptions as ImageFramesOptions } from '@mobilenetv2/image'
import { isPictureFile, type PictureFile, type TakenFile, takeFile } from './picture-file.js'

/** What `framesOf` takes. */
export type FramesOptions = Omit<ImageFramesOptions, 'file'>

async function take(source: PictureFile, { signal }: FramesOptions): Promise<TakenFile> {
  if (isPictureFile(source)) return takeFile(source, signal)
  throw (await import('./refusals.js')).notAPicture(source)
}

/**
 * The frames of an animated GIF or WebP, as viewers show them, for `classifyBatch`: `model.classifyBatch(framesOf('cat.gif'))`. They are
 * decoded as they are asked for. Any other picture has one frame. In a browser this takes `ImageDecoder`.
 * @throws MobileNetV2Error `SOURCE` if the file cannot be read; `IMAGE` if it is no picture, has more than `most` frames, or is an
 * animated PNG or AVIF; `OPTION` for a wrong option; the signal's reason
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
