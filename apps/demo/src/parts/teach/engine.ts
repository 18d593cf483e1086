import type { FeatureSet, TrainedHead } from '@mobilenetv2/teach'
import { classifierOf } from '@mobilenetv2/weights'
import { type Milliseconds, type Model, type Network, softmax } from 'mobilenetv2'
import { askAbout, type EnginePicture, opened } from '../../engine/current.js'
import type { Frame } from '../../engine/frame.js'
import type { Format } from './exports.js'
import type { Sample } from './lesson.js'
import type { ProjectClass } from './project-file.js'

/** A class as the engine learns it: its pictures are known by their ids. */
export interface LessonClass {
  readonly name: string
  readonly pictures: readonly string[]
}

/** What a training came to, as the page shows it. */
export interface Learned extends Pick<TrainedHead, 'training' | 'validation' | 'warnings'> {
  readonly milliseconds: number
}

/** What a taught network says of a picture: a probability for each class, in their order. */
export interface TaughtAnswer {
  readonly probabilities: readonly number[]
  readonly times: Milliseconds
}

/** A picture is kept with a shorter side of this many pixels at most: twice what networks look at. */
const shorterSide = 448

/** A picture file that is not larger than this is kept as it is, if it has few pixels too. */
const smallFile = 300_000

/** The features of pictures that networks have looked at, by the pictures' ids. */
const featuresOf = new WeakMap<Network, Map<string, Float32Array>>()

let taught: { readonly network: Network; readonly head: TrainedHead } | null = null

function sizeOf(picture: Frame): { readonly width: number; readonly height: number } {
  if (picture instanceof ImageBitmap) return picture
  return { width: picture.displayWidth, height: picture.displayHeight }
}

/** Draws a picture with few pixels, on white, as a JPEG. */
async function reduce(picture: Frame, scale: number): Promise<Blob> {
  const { width, height } = sizeOf(picture)
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)))
  const context = canvas.getContext('2d')!
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 })
}

function headFor(model: Model): TrainedHead {
  if (taught === null || taught.network !== model.network) throw new Error('This model has not been taught yet. Train it first.')
  return taught.head
}

/** The examples of a lesson, from what the model has seen on its pictures. */
function examplesOf(classes: readonly LessonClass[], { network }: Model): FeatureSet {
  const known = featuresOf.get(network)
  const rows = classes.flatMap(({ pictures }) => pictures.map((id) => known?.get(id)))
  const length = rows[0]?.length ?? 0
  const features = new Float32Array(length * rows.length)
  for (const [index, row] of rows.entries()) {
    if (row === undefined) throw new Error('The model has not looked at all pictures yet. Train again.')
    features.set(row, index * length)
  }
  const labels = classes.flatMap(({ pictures }, index) => pictures.map(() => index))
  return { classNames: classes.map(({ name }) => name), labels, length, features }
}

/** What this part asks of the engine. */
export const operations = {
  /** A picture as a lesson keeps it: small. If the browser cannot decode it, the model tries; if that fails too, its error says why. */
  async gather(picture: EnginePicture): Promise<Blob> {
    const decoded = picture instanceof Blob ? await createImageBitmap(picture).catch(() => null) : picture
    if (decoded === null) {
      await opened().embed(picture)
      return picture as Blob
    }
    try {
      const { width, height } = sizeOf(decoded)
      const scale = Math.min(1, shorterSide / Math.min(width, height))
      if (picture instanceof Blob && scale === 1 && picture.size <= smallFile) return picture
      return await reduce(decoded, scale)
    } finally {
      decoded.close()
    }
  },

  /** Lets the model look at a picture, once: what it sees is kept for the training. */
  async look({ id, file }: Sample): Promise<void> {
    const model = opened()
    const known = featuresOf.get(model.network) ?? new Map<string, Float32Array>()
    featuresOf.set(model.network, known)
    if (!known.has(id)) known.set(id, await model.embed(file))
  },

  /** Trains a new last layer on pictures that the model has looked at. */
  async learn(classes: readonly LessonClass[]): Promise<Learned> {
    const model = opened()
    // Downloaded when it is first needed.
    const { trainHead } = await import('@mobilenetv2/teach')
    const examples = examplesOf(classes, model)
    const start = performance.now()
    const head = await trainHead(examples, { classifier: classifierOf(model.network) ?? undefined })
    taught = { network: model.network, head }
    const { training, validation, warnings } = head
    return { training, validation, warnings, milliseconds: performance.now() - start }
  },

  /** The probabilities of the taught classes for a picture. */
  async answer(picture: EnginePicture): Promise<TaughtAnswer> {
    return askAbout(picture, async (model) => {
      const { kernel, bias } = headFor(model)
      const { features, milliseconds } = await model.embed(picture, { detailed: true })
      const logits = bias.map((start, label) =>
        features.reduce((sum, value, place) => sum + value * kernel[place * bias.length + label]!, start),
      )
      return { probabilities: [...softmax(logits)], times: milliseconds }
    })
  },

  /** The taught model as a file. The classes have the names that they have now, whatever they were called in the training. */
  async save(format: Format, labels: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
    const model = opened()
    const { kernel, bias } = headFor(model)
    return (await import('./write-model.js')).writeModel(model.network, { kernel, bias, labels }, format)
  },

  /** The lesson as a project file. */
  async saveProject(classes: readonly ProjectClass[]): Promise<Uint8Array<ArrayBuffer>> {
    return (await import('./project-file.js')).writeProject(classes)
  },

  /** The lesson in a file; null if it has no pictures, so that it may be a model. */
  async openProject(file: Blob): Promise<readonly ProjectClass[] | null> {
    const bytes = new Uint8Array(await file.arrayBuffer())
    return (await import('./project-file.js')).readProject(bytes)
  },
}
