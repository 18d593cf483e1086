import { checkOptionNames, MobileNetV2Error, type Preprocessing, refuseOption, type Size } from '@mobilenetv2/spec'
import { openFile, shrinksFiles } from '#decode'
import { type Colour, checkBackground, white } from './background.js'
import { formatOf, type PictureFormat, pictureFormats } from './formats.js'
import { type JpegHeader, mostScans, mostSegments, readJpeg } from './jpeg.js'
import { checkSize, type Picture } from './picture.js'
import type { PictureRows } from './rows.js'
import { type DecodeTarget, shrunkSide } from './shrink.js'

/** The options of `decode` and `decodeRows`. */
export interface DecodeOptions {
  /** The name of the file, for errors. */
  readonly file?: string | undefined
  /** The colour behind a transparent picture; white unless given. */
  readonly background?: Colour | undefined
  /**
   * What the picture is decoded for, in Node only. If the preprocessing resizes a JPEG (grey or RGB) to half of its height and width or
   * less, the decoder and libvips shrink it to about the size that is needed. That is much faster for a large photo, but the pixels are not
   * the ones that Pillow gives. All other files are decoded at full size.
   */
  readonly shrinkFor?: DecodeTarget | undefined
}

/** The texts of errors, which are loaded only if a file is refused. */
const refusals = () => import('./undecodable.js')

const formatNames = (): string[] => pictureFormats.map(({ name }) => name)

/** What is known of a file before it is decoded. */
export interface Opening {
  /** The name of the file in errors. */
  readonly where: string
  readonly background: Colour
  readonly format: PictureFormat['name']
  /** The size that the header states. */
  readonly size: Size | undefined
  /** The header of a JPEG; null for other formats. */
  readonly jpeg: JpegHeader | null
  /** How the decoder shrinks the picture; null if it decodes it at full size. */
  readonly shrink: { readonly side: number; readonly interpolation: Preprocessing['interpolation'] } | null
}

/**
 * Checks all that can be known of the options without a file.
 * @throws MobileNetV2Error `OPTION` if an option is unknown or not allowed
 */
export function checkDecodeOptions(options: DecodeOptions): void {
  checkOptionNames(options, ['file', 'background', 'shrinkFor'])
  const { background = white, shrinkFor } = options
  checkBackground(background)
  if (shrinkFor !== undefined && !shrinksFiles) refuseOption('shrinkFor', shrinkFor, 'no value in a browser')
}

/**
 * Checks what can be known of a file without decoding it: its format and its size.
 * @throws MobileNetV2Error `IMAGE` if the format is none of `pictureFormats`, or the picture is too large; `OPTION` as
 * `checkDecodeOptions`
 */
export async function checkFile(bytes: Uint8Array, options: DecodeOptions): Promise<Opening> {
  checkDecodeOptions(options)
  const { file, background = white, shrinkFor } = options
  const where = file === undefined ? 'picture' : `file ${file}`
  const format = formatOf(bytes)
  if (format === undefined) throw (await refusals()).unknownFormat(bytes, where, formatNames())
  const jpeg = format.name === 'JPEG' ? readJpeg(bytes) : null
  const size = jpeg === null ? await format.size(bytes) : jpeg.size
  if (size !== undefined) checkSize(size, where)
  if (jpeg !== null && (jpeg.scans > mostScans || jpeg.segments > mostSegments)) throw (await refusals()).tooManyParts(jpeg, where)
  const isPlain = jpeg?.components === 1 || jpeg?.components === 3
  const side = shrinkFor !== undefined && size !== undefined && isPlain ? shrunkSide(size, shrinkFor) : null
  const shrink = side === null ? null : { side, interpolation: shrinkFor!.preprocessing.interpolation }
  return { where, background, format: format.name, size, jpeg, shrink }
}

/** The error for a file that a decoder could not decode. */
export async function refusalOf(bytes: Uint8Array, where: string, cause: unknown): Promise<MobileNetV2Error> {
  if (cause instanceof MobileNetV2Error) return cause
  return (await refusals()).undecodable(bytes, where, cause, formatNames())
}

/**
 * Decodes a file as `decode` does, and gives its rows. In a browser the pixels stay in the browser's own bitmap until they are read. The
 * caller must close the rows, or give them to `preprocessRows`, which closes them.
 * @throws MobileNetV2Error `IMAGE` and `OPTION`, as `decode`
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { decodeRows, preprocessRows } from '@mobilenetv2/image'
 * import type { Network } from '@mobilenetv2/weights'
 *
 * async function inputOf(file: string, { preprocessing, architecture }: Network): Promise<Float32Array> {
 *   return preprocessRows(await decodeRows(await readFile(file)), preprocessing, architecture.input)
 * }
 * ```
 */
export async function decodeRows(bytes: Uint8Array, options: DecodeOptions = {}): Promise<PictureRows> {
  const opening = await checkFile(bytes, options)
  const open = (file: Uint8Array): Promise<PictureRows> =>
    openFile(file, opening).catch(async (cause: unknown) => {
      throw await refusalOf(file, opening.where, cause)
    })
  try {
    return await open(bytes)
  } catch (refusal) {
    if (opening.format !== 'PNG') throw refusal
    return open(await (await refusals()).withRightChecksums(bytes, opening.where, refusal))
  }
}

/**
 * Decodes a picture file of one of `pictureFormats`: in Node with the package sharp, in a browser with the browser's own decoder. Of an
 * animated picture it decodes the first frame. It decodes at full size unless `shrinkFor` is given.
 *
 * The picture is turned as its EXIF orientation says, and an AVIF as its own properties say. Greyscale, CMYK and 16-bit pictures become
 * 8-bit RGB. A colour profile is ignored, as in Pillow's `convert('RGB')`, which models are trained with. A transparent picture is drawn on
 * `background`. Where it is half transparent, a browser may be off by one level.
 * @param bytes the file
 * @returns RGB `[height, width, 3]`, or RGBA `[height, width, 4]` in which alpha has no effect any more
 * @throws MobileNetV2Error `IMAGE` if the file has another format, is damaged or incomplete, if the picture has more than `maxPixels`, or
 * if sharp is not installed; `OPTION` if an option is unknown or not allowed
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { decode } from '@mobilenetv2/image'
 *
 * const { data, width, height, channels } = await decode(await readFile('cat.jpg'), { file: 'cat.jpg' })
 * ```
 */
export async function decode(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Picture> {
  const rows = await decodeRows(bytes, options)
  try {
    return rows.read(0, rows.height)
  } finally {
    rows.close()
  }
}
