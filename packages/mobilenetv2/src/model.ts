import { type PictureRows, preprocessRows } from '@mobilenetv2/image'
import {
  type Architecture,
  type Backend,
  type CompiledModel,
  type LayerId,
  type LayerTime,
  type MemoryUse,
  MobileNetV2Error,
  type OutputName,
  type Parameters,
  type Preprocessing,
} from '@mobilenetv2/spec'
import { type Answer, topAnswers } from './answers.js'
import type { Classes } from './classes.js'
import { decodeAhead } from './decode-ahead.js'
import type { Explanation } from './explain.js'
import { type LayerActivation, openInside } from './inside.js'
import { holdPicture, type PictureSource } from './picture-source.js'
import { cosineSimilarity, normalized } from './similarity.js'
import { createTurns } from './turn-taking.js'
import type { FrameAnswers } from './webcam.js'

/** What ends an answer early. */
export interface Abortable {
  /** Ends the work with the signal's reason. */
  readonly signal?: AbortSignal
}

/** What one classification takes. */
export interface ClassifyOptions extends Abortable {
  /** How many answers: 1 or more; 5 unless given. */
  readonly top?: number
  /** The least probability of an answer, 0 to 1; 0 unless given. */
  readonly threshold?: number
}

/** What a model is, where it came from, and what runs it. */
export interface ModelInfo {
  readonly file: string
  readonly format: string
  readonly naming: string
  readonly architecture: Architecture
  readonly preprocessing: Preprocessing
  readonly backend: string
  readonly device: string
  /** What was worked out from the file, and why. */
  readonly reasons: readonly string[]
}

/** The outcome of one picture of many: its answers, or why it has none. */
export type BatchOutcome<Source> =
  | { readonly picture: Source; readonly answers: readonly Answer[]; readonly milliseconds: number }
  | { readonly picture: Source; readonly error: unknown }

/** A model that answers questions about pictures. */
export interface Model {
  readonly info: ModelInfo
  /** The most probable classes, best first. */
  classify(picture: PictureSource, options?: ClassifyOptions): Promise<Answer[]>
  /**
   * Classifies one picture after the other, the next ones decoded meanwhile; outcomes come in the order of the pictures.
   * `milliseconds` is the time from the decoded picture to its answers. A picture that cannot be read costs only itself.
   */
  classifyBatch<Source extends PictureSource>(
    pictures: Iterable<Source> | AsyncIterable<Source>,
    options?: ClassifyOptions,
  ): AsyncGenerator<BatchOutcome<Source>, void, void>
  /**
   * Classifies what a video shows, of a camera or a film, again and again, one frame at a time: frames that come while one is worked
   * on, the callback included, are dropped. Resolves when the signal is aborted or the film ends, rejects with what went wrong.
   */
  webcam(video: HTMLVideoElement, callback: (frame: FrameAnswers) => void | Promise<void>, options?: ClassifyOptions): Promise<void>
  /** The pooled features `[head channels]` (1280 at width 1.0), at length 1 if `normalize` is set: alike pictures, alike directions. */
  embed(picture: PictureSource, options?: Abortable & { readonly normalize?: boolean }): Promise<Float32Array>
  /** How alike two pictures are, 0 to 1: the cosine between their embeddings. */
  similarity(left: PictureSource, right: PictureSource, options?: Abortable): Promise<number>
  /** Where on a picture a class is: of `class`, an index among the answers, or of the most probable one. */
  explain(picture: PictureSource, options?: Abortable & { readonly class?: number }): Promise<Explanation>
  /** The output of one layer, for looking inside. The first call for a layer compiles the network up to it. */
  features(picture: PictureSource, layer: LayerId, options?: Abortable): Promise<LayerActivation>
  /** Runs once on a picture of zeros, so that the first answer does not pay for what an engine puts off. */
  warmup(options?: Abortable): Promise<void>
  /** Times each layer. */
  profile(): Promise<readonly LayerTime[]>
  /** Bytes that the compiled network holds. */
  memory(): MemoryUse
  /** Gives back the memory of the model; a second call does nothing. */
  dispose(): void
  [Symbol.dispose](): void
}

/** What a model is made of. */
export interface ModelParts {
  readonly backend: Backend
  readonly compiled: CompiledModel
  readonly parameters: Parameters
  readonly classes: Classes
  readonly info: ModelInfo
}

/** Files on their way at once: one is decoded and one is resized while the network runs on a third. All others wait undecoded. */
const filesAtOnce = 3

function checkOption(name: string, valid: boolean, expected: string, got: unknown): void {
  if (valid) return
  throw new MobileNetV2Error('OPTION', `The option ${name} is out of its range.`, {
    where: `option ${name}`,
    expected,
    got: String(got),
  })
}

/** The classes to answer with: logits → answers, by the options of one call. */
function answerer(classes: Classes, { top = 5, threshold = 0 }: ClassifyOptions): (logits: Float32Array) => Answer[] {
  checkOption('top', Number.isInteger(top) && top >= 1, 'an integer of 1 or more', top)
  checkOption('threshold', threshold >= 0 && threshold <= 1, 'a number from 0 to 1', threshold)
  return (logits) => topAnswers(logits, classes, top).filter(({ probability }) => probability >= threshold)
}

/** A model from its parts. */
export function makeModel({ backend, compiled, parameters, classes, info }: ModelParts): Model {
  const { architecture, preprocessing } = info
  const { input } = architecture
  const inside = openInside(backend, architecture, parameters)

  const toPixels = (rows: PictureRows, signal?: AbortSignal): Promise<Float32Array> =>
    preprocessRows(rows, preprocessing, input, signal === undefined ? {} : { signal })

  const takeTurn = createTurns(filesAtOnce)

  /** Prepares a picture for `use`. A file keeps its turn until `use` is done, so that neither bitmaps nor inputs pile up. */
  async function withPixels<Result>(
    picture: PictureSource,
    signal: AbortSignal | undefined,
    use: (pixels: Float32Array) => Promise<Result>,
  ): Promise<Result> {
    const { isFile, open } = await holdPicture(picture, signal)
    const work = async (): Promise<Result> => use(await toPixels(await open(), signal))
    return isFile ? takeTurn(work, signal) : work()
  }

  async function run<Output extends OutputName>(pixels: Float32Array, output: Output, signal?: AbortSignal): Promise<Float32Array> {
    const results = await compiled.run(pixels, { outputs: [output], ...(signal && { signal }) })
    return results[output]
  }

  async function embed(picture: PictureSource, signal?: AbortSignal): Promise<Float32Array> {
    return withPixels(picture, signal, (pixels) => run(pixels, 'features', signal))
  }

  function dispose(): void {
    inside.dispose()
    compiled.dispose()
  }

  async function classify(picture: PictureSource, options: ClassifyOptions = {}): Promise<Answer[]> {
    const answer = answerer(classes, options)
    return answer(await withPixels(picture, options.signal, (pixels) => run(pixels, 'logits', options.signal)))
  }

  return {
    info,
    classify,
    async webcam(video, callback, options = {}) {
      const { classifyFrames } = await import('./webcam.js')
      await classifyFrames((frame) => classify(frame, options), video, callback, options.signal)
    },
    async *classifyBatch(pictures, options = {}) {
      const answer = answerer(classes, options)
      for await (const { source, decoded } of decodeAhead(pictures, options.signal)) {
        if (decoded.status === 'rejected') {
          yield { picture: source, error: decoded.reason }
          continue
        }
        const start = performance.now()
        const answers = answer(await run(await toPixels(decoded.value, options.signal), 'logits', options.signal))
        yield { picture: source, answers, milliseconds: performance.now() - start }
      }
    },
    async embed(picture, { normalize = false, signal } = {}) {
      const features = await embed(picture, signal)
      return normalize ? normalized(features) : features
    },
    async similarity(left, right, { signal } = {}) {
      return cosineSimilarity(await embed(left, signal), await embed(right, signal))
    },
    explain: (picture, { class: wanted, signal } = {}) =>
      withPixels(picture, signal, async (pixels) => {
        const answers = topAnswers(await run(pixels, 'logits', signal), classes, architecture.classes)
        const answer = wanted === undefined ? answers[0] : answers.find(({ index }) => index === wanted)
        checkOption('class', answer !== undefined, `an integer from 0 to ${answers.length - 1}`, wanted)
        const [{ classActivation, drawOverlay }, activation] = await Promise.all([
          import('./explain.js'),
          inside.activation('head', pixels, signal),
        ])
        const logit = classes.background !== null && answer!.index >= classes.background ? answer!.index + 1 : answer!.index
        const heat = classActivation(activation, architecture, parameters, logit)
        const map = { heat, height: activation.height, width: activation.width }
        return { answer: answer!, ...map, overlay: drawOverlay(pixels, input, preprocessing, map) }
      }),
    features: (picture, layer, { signal } = {}) =>
      withPixels(picture, signal, (pixels) => inside.activation(layer, pixels, signal)),
    async warmup({ signal } = {}) {
      await run(new Float32Array(input.height * input.width * input.channels), 'logits', signal)
    },
    profile: () => compiled.profile(),
    memory: () => compiled.memory(),
    dispose,
    [Symbol.dispose]: dispose,
  }
}
