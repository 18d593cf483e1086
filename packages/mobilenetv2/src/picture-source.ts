import {
  type DecodeOptions,
  type Drawable,
  decodeRows,
  openDrawable,
  openSharp,
  type PictureRows,
  type SharpPicture,
  white,
} from '@mobilenetv2/image'
import { brandOf, type Global } from '@mobilenetv2/spec'
import type { Network } from '@mobilenetv2/weights'
import type { PictureOptions } from './call-options.js'
import { isPictureFile, type PictureFile, takeFile } from './picture-file.js'
import { type FloatPicture, type PictureTensor, pixelRows, type RawPicture, tensorRows } from './pixels.js'

/**
 * A picture in any form: the path or URL of an image file, the file itself (bytes, `Blob`, `File`, `Response`, stream), anything that a
 * browser can draw, pixels, an instance of sharp, or a tensor of TensorFlow.js.
 */
export type PictureSource = PictureFile | Drawable | RawPicture | FloatPicture | SharpPicture | PictureTensor

/** What a browser can draw. */
const drawables = ['HTMLImageElement', 'HTMLVideoElement', 'HTMLCanvasElement', 'OffscreenCanvas', 'ImageBitmap', 'VideoFrame']

function isDrawable(source: object): source is Drawable {
  return drawables.includes(brandOf(source))
}

/** How a picture is decoded: the colour behind transparency, and the network that a photo may be made smaller for. */
export type Decoding = Pick<DecodeOptions, 'background' | 'shrinkFor'>

/** How the pictures of a network are decoded with the options of a call. */
export function decodingOf(
  { background, decode }: Pick<PictureOptions, 'background' | 'decode'>,
  { preprocessing, architecture: { input } }: Pick<Network, 'preprocessing' | 'architecture'>,
): Decoding {
  return { background, shrinkFor: decode === 'fast' ? { preprocessing, input } : undefined }
}

/** The rows of a picture, and how long reading and decoding took. */
export interface OpenedPicture {
  readonly rows: PictureRows
  readonly milliseconds: number
}

/** A picture that was taken, and can be opened. */
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
 * tensor have no effect.
 * @throws MobileNetV2Error `SOURCE` if a URL, a response or a stream cannot be read; `IMAGE` if the source is not a picture; the signal's
 * reason
 */
export async function holdPicture(
  source: PictureSource,
  signal?: Global<'AbortSignal'>,
  { background = white, shrinkFor }: Decoding = {},
): Promise<HeldPicture> {
  if (isPictureFile(source)) {
    const { file, read } = await takeFile(source, signal)
    return heldFile(async () => decodeRows(await read(), { file, background, shrinkFor }))
  }
  if (typeof source === 'object' && source !== null) {
    if (isDrawable(source)) return heldRows(await openDrawable(source, background))
    if ('data' in source && 'width' in source && ArrayBuffer.isView(source.data) && 'length' in source.data)
      return heldRows(await pixelRows(source, background))
    if ('shape' in source) return heldRows(await tensorRows(source, background))
    if ('png' in source) {
      const picture = source.clone()
      return heldFile(() => openSharp(picture, { background }))
    }
  }
  throw (await import('./refusals.js')).notAPicture(source)
}

/**
 * Opens a picture as it is now: `holdPicture` and `open` in one call. The caller closes the rows.
 * @throws MobileNetV2Error `SOURCE` if the file cannot be read; `IMAGE` if it is not a picture; the signal's reason
 */
export async function openPicture(
  source: PictureSource,
  signal?: Global<'AbortSignal'>,
  decoding?: Decoding,
): Promise<OpenedPicture> {
  const start = performance.now()
  const rows = await (await holdPicture(source, signal, decoding)).open()
  return { rows, milliseconds: performance.now() - start }
}
