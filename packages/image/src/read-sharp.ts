// This file is imported lazily: few programs give instances of sharp.
import { MobileNetV2Error, messageOf } from '@mobilenetv2/spec'
import { formatOf } from './formats.js'
import { rgbOfInks } from './inks.js'
import type { Picture } from './picture.js'
import { turned } from './turned.js'
import { maybeSvg } from './undecodable.js'

/**
 * An instance of sharp. These are the methods that are used: `clone`, `metadata`, `pipelineColourspace`, `toColourspace`, `raw`, `png` and
 * `toBuffer`.
 */
export interface SharpPicture {
  clone(): SharpPicture
  metadata(): Promise<{
    readonly format?: string | undefined
    readonly space?: string | undefined
    readonly orientation?: number | undefined
  }>
  pipelineColourspace(space: 'cmyk'): SharpPicture
  toColourspace(space: 'cmyk'): SharpPicture
  raw(options: { depth: 'uchar' }): SharpPicture
  png(options: { compressionLevel: number }): SharpPicture
  toBuffer(options: {
    resolveWithObject: true
  }): Promise<{ data: Uint8Array; info: { readonly width: number; readonly height: number; readonly channels: number } }>
}

/** Settings of an instance that sharp has no method for. sharp 0.33 has `useExifOrientation` in place of `autoOrient`. */
interface SharpSettings {
  input?: {
    readonly autoOrient?: boolean
    /** If the instance was made of bytes: the file, or pixels if there is a `rawWidth`. If it was made of a stream: the chunks. */
    readonly buffer?: unknown
    readonly rawWidth?: number
  }
  readonly useExifOrientation?: boolean
  readonly angle?: number
  readonly rotationAngle?: number
}

/**
 * Sets an instance to ignore the colour profile and to read one frame, as `decode` reads a file.
 * @returns whether the instance turns the picture itself, and its file if the bytes are known already
 */
function readAsFile(instance: SharpPicture): { readonly turnsItself: boolean; readonly file: Uint8Array | null } {
  const settings: SharpSettings =
    'options' in instance && typeof instance.options === 'object' && instance.options !== null ? instance.options : {}
  settings.input = Object.assign({}, settings.input, { ignoreIcc: true, pages: 1 })
  const { useExifOrientation, angle, rotationAngle } = settings
  const { autoOrient, buffer, rawWidth } = settings.input
  return {
    turnsItself: Boolean(autoOrient || useExifOrientation || angle || rotationAngle),
    file:
      ArrayBuffer.isView(buffer) && rawWidth === undefined
        ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
        : null,
  }
}

/** Converts a picture in CMYK to RGB; null if the instance's operations have turned it into other colours. */
async function readInks(instance: SharpPicture): Promise<Picture | null> {
  const inks = instance.clone().pipelineColourspace('cmyk').toColourspace('cmyk')
  const { data, info } = await inks.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  return info.channels === 4 ? { data: rgbOfInks(data), width: info.width, height: info.height, channels: 3 } : null
}

/**
 * The picture of an instance of sharp, as `openSharp` says.
 * @param instance a clone, whose settings this changes
 * @param decode decodes a PNG
 */
export async function readSharp(instance: SharpPicture, decode: (png: Uint8Array) => Promise<Picture>): Promise<Picture> {
  const refuse = (cause: unknown): never => {
    throw new MobileNetV2Error('IMAGE', 'An instance of sharp gives no picture.', {
      where: 'picture',
      got: messageOf(cause),
      cause,
    })
  }
  /** Goes through PNG, which is lossless, so that alpha, depth and colour space are handled as for every other file. */
  const readPng = async (): Promise<Picture> => {
    const { data } = await instance.png({ compressionLevel: 0 }).toBuffer({ resolveWithObject: true }).catch(refuse)
    return decode(data)
  }
  const refuseSvg = (): never => {
    throw new MobileNetV2Error('IMAGE', 'An instance of sharp holds an SVG, which is not drawn.', {
      where: 'picture',
      remedy: 'If you trust the file, give what sharp draws: await instance.png().toBuffer().',
    })
  }
  const { turnsItself, file } = readAsFile(instance)
  // An SVG of a few hundred bytes can take minutes to draw, and `metadata` already parses it.
  if (file !== null && formatOf(file) === undefined && maybeSvg(file)) refuseSvg()
  const { format, space, orientation = 1 } = await instance.metadata().catch(refuse)
  if (format === 'svg') refuseSvg()
  const inks = space === 'cmyk' ? await readInks(instance).catch(refuse) : null
  const picture = inks ?? (await readPng())
  return turnsItself ? picture : turned(picture, orientation)
}
