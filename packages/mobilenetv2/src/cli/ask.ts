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

function shrink(picture: Picture, longest: number): Picture {
  const scale = longest / Math.max(picture.width, picture.height)
  const scaled = (side: number): number => Math.max(1, Math.round(side * scale))
  return resize(picture, { width: scaled(picture.width), height: scaled(picture.height), interpolation: 'bilinear' })
}

/** @throws MobileNetV2Error as `Model.classify` */
export async function classify(model: Model, source: PictureSource, { top, preview }: ClassifyQuestion): Promise<Classified> {
  const picture = await openPicture(source)
  const start = performance.now()
  const answers = await model.classify(picture, { top })
  const milliseconds = performance.now() - start
  return { top: answers, ...answered(model.info), milliseconds, preview: preview === 0 ? null : shrink(picture, preview) }
}

/** @throws MobileNetV2Error as `Model.embed` */
export async function embed(model: Model, source: PictureSource, { normalize }: EmbedQuestion): Promise<Embedded> {
  return { embedding: await model.embed(source, { normalize }), ...answered(model.info) }
}
