import { type Colour, type Picture, type PictureRows, rowsOf } from '@mobilenetv2/image'

/**
 * Decoded pixels `[height, width, 3 or 4]` of 8 bits: red, green, blue and perhaps alpha, 0 to 255, in sRGB. An `ImageData` is one.
 */
export type RawPicture = Omit<Picture, 'channels'>

/** Decoded pixels `[height, width, 3 or 4]` of floats within a range: red, green, blue and perhaps alpha, in sRGB. */
export interface FloatPicture extends Omit<Picture, 'channels' | 'data'> {
  /** The values, `[height, width, 3 or 4]`. */
  readonly data: Float32Array | Float64Array
  /** The value of black and of full transparency, then the value of white and of full opacity; 0 and 1 unless given. */
  readonly range?: readonly [low: number, high: number] | undefined
}

/**
 * A picture as a tensor `[height, width, 3 or 4]`: int32 from 0 to 255, or float32 from 0 to 1, as `tf.browser.toPixels` takes it. A
 * `tf.Tensor3D` is one; its members `shape`, `dtype` and `data` are used.
 */
export interface PictureTensor {
  readonly shape: readonly number[]
  readonly dtype: string
  data(): Promise<ArrayLike<number>>
}

const floatPixels = () => import('./float-pixels.js')

/**
 * The rows of pixels. The pixels are copied at the call.
 * @throws MobileNetV2Error `IMAGE` if they are not 3 or 4 channels of bytes in sRGB, or of floats within their range; `OPTION` if the range
 * is not a range
 */
export async function pixelRows(picture: RawPicture | FloatPicture, background: Colour): Promise<PictureRows> {
  const { width, height } = picture
  // The tag works for typed arrays of other realms too. Bytes are copied by the constructor, because `slice` of a Node Buffer copies
  // nothing.
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
  // `data` is called before anything is awaited, because the caller may dispose of the tensor after the call.
  const [{ readTensor }, values] = await Promise.all([floatPixels(), tensor.data()])
  return rowsOf(readTensor(tensor, values), 'picture', background)
}
