import { type Picture, resize } from '@mobilenetv2/image'
import type { Answer } from '../answers.js'
import type { PictureOptions } from '../call-options.js'
import type { Milliseconds, Model } from '../model.js'
import { decodingOf, openPicture, type PictureSource } from '../picture-source.js'

/** Which backend, device and model file gave an answer, and how long it took. */
interface Answered {
  readonly backend: string
  readonly device: string
  readonly model: string
  readonly milliseconds: Milliseconds
}

/** The answers for one picture. */
export interface Classified extends Answered {
  readonly top: readonly Answer[]
  /** A small copy of the picture; null if none was asked for. */
  readonly preview: Picture | null
}

/** The features of a picture. */
export interface Embedded extends Answered {
  readonly embedding: Float32Array
}

/** How to classify a picture. */
export interface ClassifyQuestion extends Pick<PictureOptions, 'decode'> {
  readonly top: number
  /** Pixels of the longer side of the preview; 0 for none. */
  readonly preview: number
}

/** How to embed a picture. */
export interface EmbedQuestion extends Pick<PictureOptions, 'decode'> {
  readonly normalize: boolean
}

function small(picture: Picture, longest: number): Picture {
  const scale = longest / Math.max(picture.width, picture.height)
  const scaled = (side: number): number => Math.max(1, Math.round(side * scale))
  return resize(picture, { width: scaled(picture.width), height: scaled(picture.height), interpolation: 'bilinear' })
}

/** @throws MobileNetV2Error as `Model.classify` */
export async function classify(model: Model, source: PictureSource, question: ClassifyQuestion): Promise<Classified> {
  const { top, preview, decode } = question
  // The preview and the network both need the pixels, so the picture is decoded here, once.
  const opened = preview === 0 ? null : await openPicture(source, undefined, decodingOf(question, model.network))
  const rows = opened?.rows
  const picture = rows?.read(0, rows.height) ?? null
  const { answers, backend, device, milliseconds } = await model.classify(picture ?? source, { top, decode, detailed: true })
  const answered = { backend, device, model: model.network.source.file, milliseconds }
  return { top: answers, ...answered, preview: picture && small(picture, preview) }
}

/** @throws MobileNetV2Error as `Model.embed` */
export async function embed(model: Model, source: PictureSource, { normalize, decode }: EmbedQuestion): Promise<Embedded> {
  const { features, backend, device, milliseconds } = await model.embed(source, { normalize, decode, detailed: true })
  return { embedding: features, backend, device, model: model.network.source.file, milliseconds }
}
