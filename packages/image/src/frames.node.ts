import type { Opening } from './decode.js'
import type { Frame } from './frames.js'
import type { Picture } from './picture.js'
import { rowsOf } from './rows.js'
import { asStored, loadSharp } from './sharp.node.js'

/** Most pixels of the frames that are decoded at once. One at a time is slow: for a frame of a GIF libvips decodes all frames before it. */
const pixelsAtOnce = 2 ** 25

/**
 * Decodes the frames of a GIF or WebP with sharp, not turned, as `decodeFrames` says.
 * @param checkCount is called with the number of frames before one is decoded
 */
export async function* framesOfFile(
  bytes: Uint8Array,
  { where, background }: Opening,
  checkCount: (count: number) => void,
): AsyncGenerator<Frame, void, void> {
  const sharp = await loadSharp()
  const { width, height, pages: count = 1, delay = [] } = await sharp(bytes, asStored).metadata()
  checkCount(count)
  const atOnce = Math.max(1, Math.floor(pixelsAtOnce / (width * height)))
  for (let first = 0; first < count; first += atOnce) {
    const pages = Math.min(atOnce, count - first)
    const { data, info } = await sharp(bytes, { ...asStored, page: first, pages })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    const size = { width: info.width, height: info.height / pages, channels: info.channels as Picture['channels'] }
    const length = data.length / pages
    for (let page = 0; page < pages; page++) {
      const pixels = new Uint8Array(data.buffer, data.byteOffset + page * length, length)
      const rows = rowsOf({ data: pixels, ...size }, where, background)
      yield { ...rows.read(0, rows.height), index: first + page, delay: delay[first + page] ?? 0 }
    }
  }
}
