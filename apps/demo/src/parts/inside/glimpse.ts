import type { LayerActivation } from 'mobilenetv2'
import type { Channel } from './channels.js'

/** A layer's output in small, as the ribbon draws it; levels from 0 to 255. */
export interface Glimpse {
  readonly height: number
  readonly width: number
  readonly channels: number
  /** `[height, width]`: the map of the strongest channel, from its least to its greatest value. */
  readonly face: Uint8Array<ArrayBuffer>
  /** `[height, channels]`: for each row of the map and each channel, the strongest first, how far its values are from 0. */
  readonly slab: Uint8Array<ArrayBuffer>
  /** The number of the strongest channel. */
  readonly strongest: number
}

const level = (share: number): number => Math.round(255 * Math.min(1, Math.max(0, share)))

/** What the ribbon shows of a layer. */
export function glimpseOf({ values, height, width, channels }: LayerActivation, sorted: readonly Channel[]): Glimpse {
  const [first] = sorted
  const { index: strongest, low, high } = first!
  const face = new Uint8Array(height * width)
  for (let place = 0; place < face.length; place++)
    face[place] = level((values[place * channels + strongest]! - low) / (high - low || 1))
  const rows = new Float32Array(height * channels)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < channels; channel++)
        rows[y * channels + channel]! += Math.abs(values[(y * width + x) * channels + channel]!)
  const most = rows.reduce((a, b) => Math.max(a, b), 0) || 1
  const slab = new Uint8Array(height * channels)
  for (let y = 0; y < height; y++)
    // The square root, so that a weak channel is told from a silent one.
    sorted.forEach(({ index }, place) => {
      slab[y * channels + place] = level(Math.sqrt(rows[y * channels + index]! / most))
    })
  return { height, width, channels, face, slab, strongest }
}
