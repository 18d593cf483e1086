import { type Picture, resize } from '@mobilenetv2/image'
import type { Answer } from '../answers.js'
import type { Model, ModelInfo } from '../model.js'
import { openPicture, type PictureSource } from '../picture-source.js'

/** What answered: the backend, its device, and the file of the model. */
interface Answered {
  readonly backend: string
  readonly device: string
  readonly model: string
}

/** What a picture shows. */
export interface Classified extends Answered {
  readonly top: readonly Answer[]
  /** From the decoded picture to its answers. */
  readonly milliseconds: number
  /** The picture, small; null where none was asked for. */
  readonly preview: Picture | null
}

/** The features of a picture. */
export interface Embedded extends Answered {
  readonly embedding: Float32Array
}

/** How to classify. */
export interface ClassifyQuestion {
  readonly top: number
  /** Pixels of the longer side of the preview; 0 for none. */
  readonly preview: number
}

/** How to embed. */
export interface EmbedQuestion {
  readonly normalize: boolean
}

function answered({ backend, device, file }: ModelInfo): Answered {
  return { backend, device, model: file }
}

async function small(source: PictureSource, longest: number): Promise<Picture> {
  const rows = await openPicture(source)
  const scale = longest / Math.max(rows.width, rows.height)
  const scaled = (side: number): number => Math.max(1, Math.round(side * scale))
  const size = { width: scaled(rows.width), height: scaled(rows.height) }
  return resize(rows.read(0, rows.height), { ...size, interpolation: 'bilinear' })
}

/** @throws MobileNetV2Error as `Model.classify` */
export async function classify(model: Model, source: PictureSource, { top, preview }: ClassifyQuestion): Promise<Classified> {
  const { value: outcome } = await model.classifyBatch([source], { top }).next()
  if ('error' in outcome!) throw outcome.error
  const { answers, milliseconds } = outcome!
  return { top: answers, ...answered(model.info), milliseconds, preview: preview === 0 ? null : await small(source, preview) }
}

/** @throws MobileNetV2Error as `Model.embed` */
export async function embed(model: Model, source: PictureSource, { normalize }: EmbedQuestion): Promise<Embedded> {
  return { embedding: await model.embed(source, { normalize }), ...answered(model.info) }
}
