import type { LayerActivation, RawPicture } from 'mobilenetv2'

/** From dark to light, as the value is great. */
const stops: readonly (readonly [number, number, number])[] = [
  [13, 8, 60],
  [98, 20, 120],
  [202, 62, 92],
  [249, 150, 60],
  [252, 250, 180],
]

/** 256 colours between the stops, red, green and blue. */
const palette = Array.from({ length: 256 }, (_, value): [number, number, number] => {
  const position = (value / 255) * (stops.length - 1)
  const index = Math.min(stops.length - 2, Math.floor(position))
  const mix = (at: 0 | 1 | 2): number => stops[index]![at] + (stops[index + 1]![at] - stops[index]![at]) * (position - index)
  return [mix(0), mix(1), mix(2)]
})

/** Channels that are drawn at once: more would be too small to see. */
export const channelsShown = 64

function paint(image: ImageData, at: number, share: number): void {
  image.data.set(palette[Math.max(0, Math.min(255, Math.round(share * 255)))]!, 4 * at)
  image.data[4 * at + 3] = 255
}

/** A vector as a field of its values. */
function drawVector(canvas: HTMLCanvasElement, { values }: LayerActivation): void {
  const columns = Math.ceil(Math.sqrt(values.length * 2))
  canvas.width = columns
  canvas.height = Math.ceil(values.length / columns)
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))]
  const image = new ImageData(canvas.width, canvas.height)
  for (const [index, value] of values.entries()) paint(image, index, (value - low) / (high - low || 1))
  canvas.getContext('2d')!.putImageData(image, 0, 0)
}

/** Draws feature maps `[height, width, channels]`, from channel `first` on, each from its least to its greatest value. */
export function drawFeatureMaps(canvas: HTMLCanvasElement, activation: LayerActivation, first: number): void {
  const { values, height, width, channels } = activation
  if (height * width === 1) {
    drawVector(canvas, activation)
    return
  }
  const count = Math.min(channelsShown, channels - first)
  const columns = Math.min(8, count)
  const gap = Math.max(1, Math.round(width / 28))
  canvas.width = columns * (width + gap) - gap
  canvas.height = Math.ceil(count / columns) * (height + gap) - gap
  const image = new ImageData(canvas.width, canvas.height)
  for (let map = 0; map < count; map++) {
    const channel = first + map
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (let at = channel; at < values.length; at += channels) {
      low = Math.min(low, values[at]!)
      high = Math.max(high, values[at]!)
    }
    const left = (map % columns) * (width + gap)
    const top = Math.floor(map / columns) * (height + gap)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const value = values[(y * width + x) * channels + channel]!
        paint(image, (top + y) * canvas.width + left + x, (value - low) / (high - low || 1))
      }
    }
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0)
}

/** Draws a picture of 3 channels at its own size. */
export function drawPicture(canvas: HTMLCanvasElement, { data, width, height }: RawPicture): void {
  canvas.width = width
  canvas.height = height
  const image = new ImageData(width, height)
  for (let at = 0; at < width * height; at++) {
    for (let channel = 0; channel < 3; channel++) image.data[4 * at + channel] = data[3 * at + channel]!
    image.data[4 * at + 3] = 255
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0)
}
