import { checkOptionNames, MobileNetV2Error, type Preprocessing, refuseOption, type Size } from '@mobilenetv2/spec'
import { openFile, shrinksFiles } from '#decode'
import { type Colour, checkBackground, white } from './background.js'
import { formatOf, type PictureFormat, pictureFormats } from './formats.js'
import { type JpegHeader, mostScans, mostSegments, readJpeg } from './jpeg.js'
import { checkSize, type Picture } from './picture.js'
import type { PictureRows } from './rows.js'
import { type DecodeTarget, shrunkSide } from './shrink.js'

/** What `decode` and `decodeRows` take. */
export interface DecodeOptions {
  /** The file's name, for errors. */
  readonly file?: string | undefined
  /** The colour that a transparent picture lies on; white unless given. */
  readonly background?: Colour | undefined
  /**
   * What the picture is decoded for. A JPEG in grey or three colours that is resized to less than a half is then made smaller by its decoder
   * and by libvips, and stays as large as the preprocessing needs it. That is much faster for a large photo, and gives other pixels than
   * Pillow has. Other files are decoded whole. In Node alone.
   */
  readonly shrinkFor?: DecodeTarget | undefined
}

/** What says why a file is not decoded. */
const refusals = () => import('./undecodable.js')

const formatNames = (): string[] => pictureFormats.map(({ name }) => name)

/** What a decoder is told of a file. */
export interface Opening {
  /** Names the file in errors. */
  readonly where: string
  readonly background: Colour
  readonly format: PictureFormat['name']
  /** What the header states. */
  readonly size: Size | undefined
  /** What the segments of a JPEG state; null for other formats. */
  readonly jpeg: JpegHeader | null
  /** How the picture is made smaller; null if it is not. */
  readonly shrink: { readonly side: number; readonly interpolation: Preprocessing['interpolation'] } | null
}

/**
 * Checks what can be known of a file without decoding it: that its format is one of `pictureFormats`, and its size.
 * @throws MobileNetV2Error `IMAGE` if they are not; `OPTION` for an option that does not exist.
 */
export async function checkFile(bytes: Uint8Array, options: DecodeOptions): Promise<Opening> {
  const { file, background = white, shrinkFor } = options
  checkBackground(background)
  if (shrinkFor !== undefined && !shrinksFiles)
    refuseOption('shrinkFor', shrinkFor, 'nothing in a browser, whose decoders give whole pictures')
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

/** The error for a file that a decoder refused. */
export async function refusalOf(bytes: Uint8Array, where: string, cause: unknown): Promise<MobileNetV2Error> {
  if (cause instanceof MobileNetV2Error) return cause
  return (await refusals()).undecodable(bytes, where, cause, formatNames())
}

/**
 * Decodes a file as `decode` does, and gives its rows. In a browser they stay in the browser's own bitmap until they are read. The
 * caller must close them; `preprocessRows` closes them too. Throws as `decode` does.
 */
export async function decodeRows(bytes: Uint8Array, options: DecodeOptions = {}): Promise<PictureRows> {
  checkOptionNames(options, ['file', 'background', 'shrinkFor'])
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
 * Decodes a file of one of `pictureFormats`, the first frame of one that moves; in Node with the package sharp, in a browser with the
 * browser's own decoder. It decodes at full size unless `shrinkFor` is given, because shrinking while decoding changes values.
 *
 * The picture is turned as its EXIF orientation says, an AVIF as its own properties say. Greyscale, CMYK and 16-bit pictures become 8-bit
 * RGB. A colour profile is ignored, as by Pillow's `convert('RGB')`, with which models are trained. A transparent picture lies on
 * `background`; a browser may be one level off where the picture is half transparent.
 * @throws MobileNetV2Error `IMAGE` if the bytes are of another format or not a whole picture, if the picture has more than `maxPixels`, or
 * if sharp is not installed; `OPTION` for an option that does not exist or is no colour.
 */
export async function decode(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Picture> {
  const rows = await decodeRows(bytes, options)
  try {
    return rows.read(0, rows.height)
  } finally {
    rows.close()
  }
}
