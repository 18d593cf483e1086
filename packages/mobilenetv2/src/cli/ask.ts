import { type Picture, resize } from '@mobilenetv2/image'
import type { LayerParameters } from '@mobilenetv2/spec'
import { classifierOf } from '@mobilenetv2/weights'
import { type Answer, topAnswers } from '../answers.js'
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

/** What an index stores about a picture. */
export interface Indexed {
  readonly embedding: Float32Array
  /** The most probable class; null if the network has no classifier. */
  readonly best: Answer | null
}

/** How to index a picture. */
export type IndexQuestion = Pick<PictureOptions, 'decode'>

/**
 * The logits of pooled features: the network's last layer, without a second run of the others. To add four rows of the
 * kernel `[features, classes]` at a time takes a third of the time of adding them one by one.
 */
function logitsOf(features: Float32Array, { kernel, bias }: LayerParameters): Float32Array {
  const sums = Float64Array.from(bias)
  const classes = sums.length
  const fours = features.length - (features.length % 4)
  for (let channel = 0; channel < fours; channel += 4) {
    const [first, second, third, fourth] = features.subarray(channel, channel + 4) as unknown as [number, number, number, number]
    const one = channel * classes
    const two = one + classes
    const three = two + classes
    const four = three + classes
    for (let index = 0; index < classes; index++) {
      sums[index]! +=
        first * kernel[one + index]! +
        second * kernel[two + index]! +
        third * kernel[three + index]! +
        fourth * kernel[four + index]!
    }
  }
  for (let channel = fours; channel < features.length; channel++) {
    for (let index = 0; index < classes; index++) sums[index]! += features[channel]! * kernel[channel * classes + index]!
  }
  return Float32Array.from(sums)
}

async function bestOf(
  model: Model,
  source: PictureSource,
  features: Float32Array,
  question: IndexQuestion,
): Promise<Answer | null> {
  const { network } = model
  if (network.architecture.classes === 0) return null
  const classifier = classifierOf(network)
  // Hidden layers before the classifier are rare, and the network runs them itself.
  const [best = null] =
    classifier === null
      ? await model.classify(source, { top: 1, decode: question.decode })
      : topAnswers(logitsOf(features, classifier), network.classes, 1)
  return best
}

/** @throws MobileNetV2Error as `Model.embed` */
export async function index(model: Model, source: PictureSource, question: IndexQuestion): Promise<Indexed> {
  const embedding = await model.embed(source, { decode: question.decode })
  return { embedding, best: await bestOf(model, source, embedding, question) }
}
