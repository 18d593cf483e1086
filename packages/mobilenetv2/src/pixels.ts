import { type Colour, type Picture, type PictureRows, rowsOf } from '@mobilenetv2/image'

/** Pixels that are decoded already, 3 or 4 channels of 8 bits: red, green, blue and alpha, sRGB. An `ImageData` is one. */
export type RawPicture = Omit<Picture, 'channels'>

/** Pixels that are decoded already, 3 or 4 channels of numbers within a range: red, green, blue and alpha. */
export interface FloatPicture extends Omit<Picture, 'channels' | 'data'> {
  readonly data: Float32Array | Float64Array
  /** The value of black and of full transparency, then the value of white and of full opacity; 0 and 1 unless given. */
  readonly range?: readonly [low: number, high: number] | undefined
}

/** The members that are used of a `tf.Tensor3D` `[height, width, 3 or 4]`: integers from 0 to 255, or float32 from 0 to 1, as TensorFlow.js draws them. */
export interface PictureTensor {
  readonly shape: readonly number[]
  readonly dtype: string
  data(): Promise<ArrayLike<number>>
}

const floatPixels = () => import('./float-pixels.js')

/**
 * The rows of pixels, as they are at the call.
 * @throws MobileNetV2Error `IMAGE` if they are not 3 or 4 channels of bytes in sRGB, or of floats within their range; `OPTION` for a
 * range that is none
 */
export async function pixelRows(picture: RawPicture | FloatPicture, background: Colour): Promise<PictureRows> {
  const { width, height } = picture
  // A typed array of another realm says its kind too. `slice` of a Node Buffer copies nothing.
  const kind: string = picture.data[Symbol.toStringTag]
  const isBytes = kind === 'Uint8Array' || kind === 'Uint8ClampedArray'
  const data = isBytes ? new Uint8Array(picture.data) : picture.data.slice()
  const colorSpace = 'colorSpace' in picture ? picture.colorSpace : undefined
  const range = 'range' in picture ? picture.range : undefined
  const channels = data.length / (width * height)
  if (data instanceof Uint8Array && (channels === 3 || channels === 4) && range === undefined && colorSpace !== 'display-p3') {
    return rowsOf({ data, width, height, channels }, 'picture', background)
  }
  const { readFloats } = await floatPixels()
  return rowsOf(readFloats({ data, kind, width, height, range, colorSpace }), 'picture', background)
}

/** The rows of a tensor. Throws as `pixelRows` does. */
export async function tensorRows(tensor: PictureTensor, background: Colour): Promise<PictureRows> {
  // The values are asked for at the call: the tensor may be disposed of right after it.
  const [{ readTensor }, values] = await Promise.all([floatPixels(), tensor.data()])
  return rowsOf(readTensor(tensor, values), 'picture', background)
}
