import type { Explanation, LayerActivation } from 'mobilenetv2'
import type { Channel } from './channels.js'
import type { Glimpse } from './glimpse.js'

/** From dark for small values to light for great ones. */
const stops: readonly (readonly [number, number, number])[] = [
  [13, 8, 60],
  [98, 20, 120],
  [202, 62, 92],
  [249, 150, 60],
  [252, 250, 180],
]

/** The colours of the palette for a legend, as CSS has them. */
export const gradient: string = `linear-gradient(to right, ${stops.map((stop) => `rgb(${stop.join(' ')})`).join(', ')})`

/** 256 colours between the stops, red, green and blue. */
const palette = Array.from({ length: 256 }, (_, value): [number, number, number] => {
  const position = (value / 255) * (stops.length - 1)
  const index = Math.min(stops.length - 2, Math.floor(position))
  const mix = (at: 0 | 1 | 2): number => stops[index]![at] + (stops[index + 1]![at] - stops[index]![at]) * (position - index)
  return [mix(0), mix(1), mix(2)]
})

/** The palette as the pixels of a canvas, opaque; a layer has millions of them. */
const pixels = Uint32Array.from(palette, (colour) => new Uint32Array(Uint8Array.of(...colour, 255).buffer)[0]!)

/** Draws levels `[height, width]` from 0 to 255, each as a pixel. */
function drawLevels(canvas: HTMLCanvasElement, width: number, height: number, levelAt: (at: number) => number): void {
  canvas.width = width
  canvas.height = height
  const image = new ImageData(width, height)
  const drawn = new Uint32Array(image.data.buffer)
  for (let at = 0; at < drawn.length; at++) drawn[at] = pixels[levelAt(at)]!
  canvas.getContext('2d')!.putImageData(image, 0, 0)
}

/** Draws the map of one channel, from its least value to its greatest; one that has the same value everywhere is dark. */
export function drawMap(canvas: HTMLCanvasElement, { values, height, width, channels }: LayerActivation, channel: Channel): void {
  const { index, low, high } = channel
  const range = high - low || 1
  drawLevels(canvas, width, height, (at) => Math.round((255 * (values[at * channels + index]! - low)) / range))
}

/** Draws the map of a glimpse. */
export function drawFace(canvas: HTMLCanvasElement, { face, width, height }: Glimpse): void {
  drawLevels(canvas, width, height, (at) => face[at]!)
}

/** Draws the rows and channels of a glimpse. */
export function drawSlab(canvas: HTMLCanvasElement, { slab, channels, height }: Glimpse): void {
  drawLevels(canvas, channels, height, (at) => slab[at]!)
}

/** How opaque heat lies over the picture, from 0 to 1. */
const opacityOf = (heat: number): number => 0.8 * heat ** 0.75

/** The legend of a heat map: as its colours lie over the picture. */
export const heatGradient: string = `linear-gradient(to right, transparent, ${stops
  .slice(1)
  .map((stop, index) => `rgb(${stop.join(' ')} / ${opacityOf((index + 1) / (stops.length - 1)).toFixed(2)})`)
  .join(', ')})`

/** Draws a heat map to be laid over the picture: one pixel a place, the more opaque the more heat. A browser smooths it when it is enlarged. */
export function drawHeat(canvas: HTMLCanvasElement, { heat, height, width }: Pick<Explanation, 'heat' | 'height' | 'width'>): void {
  canvas.width = width
  canvas.height = height
  const image = new ImageData(width, height)
  heat.forEach((value, at) => {
    image.data.set(palette[Math.round(255 * value)]!, 4 * at)
    image.data[4 * at + 3] = 255 * opacityOf(value)
  })
  canvas.getContext('2d')!.putImageData(image, 0, 0)
}
