import { type Drawable, decodeRows, openDrawable, type Picture, type PictureRows, rowsOf } from '@mobilenetv2/image'
import { brandOf, type Global } from '@mobilenetv2/spec'
import { type ByteSource, isByteSource, longestPicture, readSource } from '@mobilenetv2/weights'
import { isAddress, readBytes } from './read-bytes.js'

/** Pixels that are decoded already, 3 or 4 channels of 8 bits: red, green, blue and alpha. An `ImageData` is one. */
export type RawPicture = Omit<Picture, 'channels'>

/** The members that are used of a `tf.Tensor3D` `[height, width, 3 or 4]`: integers from 0 to 255, or float32 from 0 to 1, as TensorFlow.js draws them. */
export interface PictureTensor {
  readonly shape: readonly number[]
  readonly dtype: string
  data(): Promise<ArrayLike<number>>
}

/** The methods that are used of an instance of sharp. */
export interface SharpPicture {
  clone(): SharpPicture
  png(options: { compressionLevel: number }): { toBuffer(): Promise<Uint8Array> }
}

/**
 * A picture in any form: the path or URL of an image file, the file itself (bytes, `Blob`, `File`, `Response`, stream), anything that a
 * browser can draw, pixels, an instance of sharp, or a tensor of TensorFlow.js.
 */
export type PictureSource = string | ByteSource | Global<'URL'> | Drawable | RawPicture | SharpPicture | PictureTensor

async function readTensor(tensor: PictureTensor): Promise<Picture> {
  const [height = 0, width = 0, channels = 0] = tensor.shape
  const values = await tensor.data()
  const scale = tensor.dtype === 'float32' ? 255 : 1
  // A clamped array rounds and keeps every value within 0 to 255.
  const data = Uint8ClampedArray.from(values, (value) => value * scale)
  return { data, width, height, channels: channels as Picture['channels'] }
}

/** What a browser can draw. */
const drawables = ['HTMLImageElement', 'HTMLVideoElement', 'HTMLCanvasElement', 'OffscreenCanvas', 'ImageBitmap', 'VideoFrame']

function isDrawable(source: object): source is Drawable {
  return drawables.includes(brandOf(source))
}

function isUrl(source: PictureSource): source is Global<'URL'> {
  return brandOf(source) === 'URL'
}

function isBlob(source: ByteSource): source is Global<'Blob'> {
  return ['Blob', 'File'].includes(brandOf(source))
}

/** The rows of a picture, and how long reading and decoding took. */
export interface OpenedPicture {
  readonly rows: PictureRows
  readonly milliseconds: number
}

/** A picture that can be opened. */
export interface HeldPicture {
  /** Whether `open` decodes a file. That takes memory for all its pixels, so only a few should be open at once. */
  readonly isFile: boolean
  /** Opens the rows of the picture. The caller calls this once and closes the rows. */
  open(): Promise<PictureRows>
}

const heldFile = (open: HeldPicture['open']): HeldPicture => ({ isFile: true, open })

const heldRows = (rows: PictureRows): HeldPicture => ({ isFile: false, open: async () => rows })

/**
 * Takes a picture as it is now, and leaves the decoding of a file to `open`. Later changes to bytes, an element, a canvas, pixels or a
 * tensor have no effect. A local file and a Blob are read by `open`. A URL, a response and a stream are read at once, so that a slow
 * server delays no other picture. At most 256 MiB are read.
 * @throws MobileNetV2Error `SOURCE` if a URL, a response or a stream cannot be read, `IMAGE` if the source is no picture.
 */
export async function holdPicture(source: PictureSource, signal?: Global<'AbortSignal'>): Promise<HeldPicture> {
  if (typeof source === 'string' || isUrl(source)) {
    const file = String(source)
    const read = (): Promise<Uint8Array> => readBytes(file, longestPicture, { signal })
    const fetched = isAddress(file) ? await read() : undefined
    return heldFile(async () => decodeRows(fetched ?? (await read()), { file }))
  }
  if (isByteSource(source)) {
    const file = 'url' in source ? source.url : 'name' in source ? String(source.name) : ''
    const named = file === '' ? {} : { file }
    const read = (): Promise<Uint8Array> => readSource(source, { signal }, { longest: longestPicture, where: named.file })
    // A Blob stays as it is, and its bytes need not be in memory yet.
    if (isBlob(source)) return heldFile(async () => decodeRows(await read(), named))
    const bytes = await read()
    return heldFile(async () => decodeRows(bytes, named))
  }
  if (typeof source === 'object' && source !== null) {
    if (isDrawable(source)) return heldRows(await openDrawable(source))
    if ('data' in source && 'width' in source && ArrayBuffer.isView(source.data)) {
      const { data, width, height } = source
      return heldRows(rowsOf({ data: data.slice(), width, height, channels: data.length === width * height * 3 ? 3 : 4 }))
    }
    if ('shape' in source) return heldRows(rowsOf(await readTensor(source)))
    if ('png' in source) {
      // PNG is lossless, and decoding it handles alpha, depth and colour space as for every other file.
      const png = source.clone().png({ compressionLevel: 0 })
      return heldFile(async () => decodeRows(await png.toBuffer()))
    }
  }
  throw (await import('./refusals.js')).notAPicture(source)
}

/**
 * Opens a picture as it is now: `holdPicture` and `open` in one call. The caller closes the rows.
 * @throws MobileNetV2Error `SOURCE` if the file cannot be read, `IMAGE` if it is no picture.
 */
export async function openPicture(source: PictureSource, signal?: Global<'AbortSignal'>): Promise<OpenedPicture> {
  const start = performance.now()
  const rows = await (await holdPicture(source, signal)).open()
  return { rows, milliseconds: performance.now() - start }
}
