import type { Opening } from './decode.js'
import { openDrawable } from './drawable.js'
import type { Frame } from './frames.js'

/** Decodes the frames of a file with the browser's `ImageDecoder`, as `decodeFrames` says. */
export async function* framesOfFile(
  bytes: Uint8Array,
  { background, format }: Opening,
  checkCount: (count: number) => void,
): AsyncGenerator<Frame, void, void> {
  const type = `image/${format.toLowerCase()}`
  const decoder = new ImageDecoder({ data: bytes as Uint8Array<ArrayBuffer>, type, colorSpaceConversion: 'none' })
  try {
    await Promise.all([decoder.tracks.ready, decoder.completed])
    const count = decoder.tracks.selectedTrack?.frameCount ?? 0
    if (count === 0) throw new Error('There is no frame.')
    checkCount(count)
    for (let index = 0; index < count; index++) {
      const { image } = await decoder.decode({ frameIndex: index })
      try {
        const rows = await openDrawable(image, background)
        yield { ...rows.read(0, rows.height), index, delay: (image.duration ?? 0) / 1000 }
      } finally {
        image.close()
      }
    }
  } finally {
    decoder.close()
  }
}
