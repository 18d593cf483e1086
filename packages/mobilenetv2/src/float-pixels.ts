// This file is imported lazily: the pixels of most pictures are bytes.
import type { Picture } from '@mobilenetv2/image'
import { MobileNetV2Error, refuseOption } from '@mobilenetv2/spec'
import type { PictureTensor } from './pixels.js'

type Range = readonly [low: number, high: number]

/** A copy of the caller's pixels. */
interface HeldPixels {
  readonly data: ArrayLike<number>
  /** The name of the typed array that they were given in. */
  readonly kind: string
  readonly width: number
  readonly height: number
  readonly range: Range | undefined
  readonly colorSpace: unknown
}

function refuse(what: string, expected: string, got: string, remedy: string): never {
  throw new MobileNetV2Error('IMAGE', what, { where: 'picture', expected, got, remedy })
}

/** How far a value may lie outside of its range, as a share of the range: rounding in float32 causes that. */
const rounding = 1e-5

/**
 * Values as levels from 0 to 255, rounded.
 * @throws MobileNetV2Error `IMAGE` if a value is not within the range, or not a number
 */
function levelsOf(values: ArrayLike<number>, [low, high]: Range, remedy: string): Uint8ClampedArray {
  const slack = (high - low) * rounding
  const scale = 255 / (high - low)
  const levels = new Uint8ClampedArray(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (!(value >= low - slack && value <= high + slack)) {
      refuse('A pixel has a value outside of its range.', `numbers from ${low} to ${high}`, `${value} at index ${i}`, remedy)
    }
    levels[i] = (value - low) * scale
  }
  return levels
}

function checkedChannels(count: number, width: number, height: number): 3 | 4 {
  const channels = count / (width * height)
  if (channels === 3 || channels === 4) return channels
  return refuse(
    "A picture's data has the wrong length.",
    `${height} x ${width} x 3 (RGB) or x 4 (RGBA) values`,
    `${count} values`,
    channels === 1 ? 'Give the value of grey three times: as red, green and blue.' : 'Check width and height.',
  )
}

/** The picture of pixels that are not simply bytes. Throws as `pixelRows` does. */
export function readFloats({ data, kind, width, height, range, colorSpace }: HeldPixels): Picture {
  if (colorSpace === 'display-p3') {
    refuse(
      'Pixels are not in sRGB.',
      'an ImageData in the colour space srgb',
      'one in display-p3',
      "Read them as sRGB: context.getImageData(x, y, width, height, { colorSpace: 'srgb' }).",
    )
  }
  if (kind !== 'Float32Array' && kind !== 'Float64Array') {
    const isBytes = kind === 'Uint8Array' || kind === 'Uint8ClampedArray'
    if (isBytes && range !== undefined) refuseOption('range', range, 'no range with bytes, which are always 0 to 255')
    if (!isBytes) {
      refuse(
        'Pixels of this type cannot be read.',
        'a Uint8Array or Uint8ClampedArray of 0 to 255, or a Float32Array or Float64Array of 0 to 1 or of `range`',
        kind,
        'Give them as floats, with the values of black and white as the range: { data: Float32Array.from(data), width, height, range: [low, high] }.',
      )
    }
  }
  const channels = checkedChannels(data.length, width, height)
  const [low, high] = range ?? [0, 1]
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
    refuseOption('range', range, 'two finite numbers, the values of black and of white')
  }
  const levels = levelsOf(data, [low, high], 'State the range of the values: { data, width, height, range: [0, 255] }.')
  return { data: levels, width, height, channels }
}

/** The range of a tensor's values, by its type. */
const ranges: Readonly<Record<string, Range>> = { float32: [0, 1], int32: [0, 255] }

/** @throws MobileNetV2Error `IMAGE` if a tensor does not have the shape and type of a picture */
function checkTensor({ shape, dtype }: PictureTensor): void {
  const [, , channels] = shape
  if (shape.length !== 3 || (channels !== 3 && channels !== 4)) {
    const ofBatch = 'Take one picture out of the batch: tensor.slice([0], [1]).squeeze([0]).'
    const ofGrey = 'Repeat the grey: tensor.tile([1, 1, 3]).'
    refuse(
      'A tensor does not have the shape of a picture.',
      '[height, width, 3 or 4]',
      `[${shape.join(', ')}]`,
      shape.length === 4 ? ofBatch : channels === 1 ? ofGrey : 'Reshape it.',
    )
  }
  if (!(dtype in ranges))
    refuse('A tensor does not have the type of a picture.', 'int32 or float32', dtype, "Cast it: tensor.cast('int32').")
}

/** The picture of a tensor with these values. Throws as `pixelRows` does. */
export function readTensor(tensor: PictureTensor, values: ArrayLike<number>): Picture {
  checkTensor(tensor)
  const { shape, dtype } = tensor
  const [height = 0, width = 0] = shape
  const channels = checkedChannels(values.length, width, height)
  const levels = levelsOf(
    values,
    ranges[dtype]!,
    `A float32 tensor is 0 to 1, an int32 tensor 0 to 255. Scale it, or state its range: { data: await tensor.data(), width: ${width}, height: ${height}, range: [low, high] }.`,
  )
  return { data: levels, width, height, channels }
}
