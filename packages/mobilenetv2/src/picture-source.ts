import { type Drawable, decodeRows, openDrawable, type Picture, type PictureRows, rowsOf } from '@mobilenetv2/image'
import { type Global, MobileNetV2Error } from '@mobilenetv2/spec'
import { readBytes } from './read-bytes.js'

/** Pixels that are decoded already, 3 or 4 channels of 8 bits: red, green, blue and alpha. An `ImageData` is one. */
export type RawPicture = Omit<Picture, 'channels'>

/** What is used of a `tf.Tensor3D` `[height, width, 3 or 4]`: integers from 0 to 255, or float32 from 0 to 1, as TensorFlow.js draws them. */
export interface PictureTensor {
  readonly shape: readonly number[]
  readonly dtype: string
  data(): Promise<ArrayLike<number>>
}

/** What is used of an instance of sharp. */
export interface SharpPicture {
  clone(): SharpPicture
  png(options: { compressionLevel: number }): { toBuffer(): Promise<Uint8Array> }
}

/**
 * A picture as people hold it: the path or URL of an image file, the file itself (`Blob`, `File`, bytes), anything that a browser can
 * draw, pixels, an instance of sharp, or a tensor of TensorFlow.js.
 */
export type PictureSource =
  | string
  | Uint8Array
  | ArrayBuffer
  | Global<'URL' | 'Blob'>
  | Drawable
  | RawPicture
  | SharpPicture
  | PictureTensor

async function readTensor(tensor: PictureTensor): Promise<Picture> {
  const [height = 0, width = 0, channels = 0] = tensor.shape
  const values = await tensor.data()
  const scale = tensor.dtype === 'float32' ? 255 : 1
  // A clamped array rounds and keeps every value within 0 to 255.
  const data = Uint8ClampedArray.from(values, (value) => value * scale)
  return { data, width, height, channels: channels as Picture['channels'] }
}

function isOneOf<Name extends string>(source: object, names: readonly Name[]): boolean {
  return names.some((name) => name in globalThis && source instanceof (globalThis as never as Record<Name, new () => object>)[name])
}

/** Checked by name: some of them are not there in a worker, and none in Node. */
function isDrawable(source: object): source is Drawable {
  return isOneOf(source, [
    'HTMLImageElement',
    'HTMLVideoElement',
    'HTMLCanvasElement',
    'OffscreenCanvas',
    'ImageBitmap',
    'VideoFrame',
  ])
}

/**
 * The rows of a picture as it is at the moment of the call, whatever becomes of an element or an array after that; to be closed.
 * @throws MobileNetV2Error `SOURCE` where the file cannot be read, `IMAGE` where it is no picture.
 */
export async function openPicture(source: PictureSource, signal?: Global<'AbortSignal'>): Promise<PictureRows> {
  if (source instanceof Uint8Array) return decodeRows(source)
  if (source instanceof ArrayBuffer) return decodeRows(new Uint8Array(source))
  if (typeof source === 'string' || source instanceof URL) {
    const location = String(source)
    return decodeRows(await readBytes(location, { signal }), { file: location })
  }
  if (source instanceof Blob) {
    const name = 'name' in source && typeof source.name === 'string' ? { file: source.name } : {}
    return decodeRows(new Uint8Array(await source.arrayBuffer()), name)
  }
  if (typeof source === 'object' && source !== null) {
    if (isDrawable(source)) return openDrawable(source)
    if ('data' in source && 'width' in source && ArrayBuffer.isView(source.data)) {
      const { data, width, height } = source
      return rowsOf({ data: data.slice(), width, height, channels: data.length === width * height * 3 ? 3 : 4 })
    }
    if ('shape' in source) return rowsOf(await readTensor(source))
    // Without loss, and through the one path that handles alpha, depth and colour space.
    if ('png' in source) return decodeRows(await source.clone().png({ compressionLevel: 0 }).toBuffer())
  }
  throw new MobileNetV2Error('IMAGE', 'A picture cannot be read from this.', {
    expected:
      'a path, a URL, the bytes of a file, a Blob, an element or canvas, { data, width, height } with bytes as data, sharp, or a tensor',
    got:
      source === null
        ? 'null'
        : Array.isArray((source as { data?: unknown }).data)
          ? 'data that is an array of numbers'
          : typeof source,
  })
}
