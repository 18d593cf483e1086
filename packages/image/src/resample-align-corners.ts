import type { Box, Size } from '@mobilenetv2/spec'
import type { PictureRows } from './rows.js'
import type { Steps } from './steps.js'

/** For each output pixel of one axis: the two input pixels that it lies between, `low` and `high`, and the weight of `high`. */
interface Neighbours {
  readonly low: Int32Array
  readonly high: Int32Array
  readonly share: Float64Array
}

function neighbours(start: number, extent: number, outputSize: number, first: number, count: number): Neighbours {
  const ratio = outputSize > 1 ? (extent - 1) / (outputSize - 1) : 0
  const low = new Int32Array(count)
  const high = new Int32Array(count)
  const share = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const position = ratio * (first + i)
    const floor = Math.floor(position)
    low[i] = start + floor
    high[i] = start + Math.min(Math.ceil(position), extent - 1)
    share[i] = position - floor
  }
  return { low, high, share }
}

/**
 * Resizes `box` (whole pixels) of the picture to `size` without antialiasing, with the corner pixels of the result on those of the box.
 * Gives the `window` of the result: `[window.height, window.width, 3]`, float32 from 0 to 1, never rounded to 8 bits. It computes what
 * TensorFlow.js does in `tf.image.resizeBilinear(tf.div(picture, 255), size, true)` (tfjs-backend-cpu, kernels/ResizeBilinear.ts).
 */
export function* resampleAlignCorners(rows: PictureRows, box: Box, size: Size, window: Box): Steps<Float32Array<ArrayBuffer>> {
  const across = neighbours(box.left, box.width, size.width, window.left, window.width)
  const down = neighbours(box.top, box.height, size.height, window.top, window.height)
  const unit = Float32Array.from({ length: 256 }, (_, level) => level / 255)
  const target = new Float32Array(window.height * window.width * 3)
  let to = 0
  for (let y = 0; y < window.height; y++) {
    const { data, width, height, channels } = rows.read(down.low[y]!, down.high[y]! - down.low[y]! + 1)
    const lower = (height - 1) * width
    const shareDown = down.share[y]!
    for (let x = 0; x < window.width; x++) {
      const left = across.low[x]!
      const right = across.high[x]!
      const shareAcross = across.share[x]!
      for (let channel = 0; channel < 3; channel++) {
        const upperLeft = unit[data[left * channels + channel]!]!
        const upperRight = unit[data[right * channels + channel]!]!
        const lowerLeft = unit[data[(lower + left) * channels + channel]!]!
        const lowerRight = unit[data[(lower + right) * channels + channel]!]!
        const above = upperLeft + (upperRight - upperLeft) * shareAcross
        const below = lowerLeft + (lowerRight - lowerLeft) * shareAcross
        target[to++] = above + (below - above) * shareDown
      }
    }
    yield
  }
  return target
}
