import { preprocessRows } from '@mobilenetv2/image'
import { disposedError, noMemory } from '@mobilenetv2/runtime'
import {
  abortable,
  checkOptionNames,
  type Global,
  inputLength,
  type LayerId,
  type LayerTime,
  type MemoryUse,
  MobileNetV2Error,
  type OutputName,
  signalOption,
  typeOption,
} from '@mobilenetv2/spec'
import { classesFit, type Network } from '@mobilenetv2/weights'
import type { LayerActivation } from './activations.js'
import { type Answer, topAnswers } from './answers.js'
import { type BackendOptions, backendOptionNames, type CompileOptions, compileOptionNames } from './backends.js'
import {
  type ClassifyOptions,
  checkClassifyOptions,
  checkPictureOptions,
  type EmbedOptions,
  type ExplainOptions,
  type PictureOptions,
  type SignalOptions,
} from './call-options.js'
import { type Engine, startEngine } from './engine.js'
import type { Evaluation } from './evaluate/evaluation.js'
import type { EvaluateOptions } from './evaluate/options.js'
import type { Explanation } from './explain.js'
import type { LabelledPictures } from './labelled-pictures.js'
import { decodingOf, holdPicture, type OpenedPicture, openPicture, type PictureSource } from './picture-source.js'
import type { TeachOptions } from './teach/options.js'
import type { Taught } from './teach/teach.js'
import { createTurns } from './turn-taking.js'
import type { FrameAnswers } from './webcam.js'

/** How many files are worked on at once: one is decoded and one is resized while the network runs on a third. Others wait undecoded. */
const filesAtOnce = 3

/** How long one picture took, in milliseconds. The time that it waited for earlier pictures is not counted. */
export interface Milliseconds {
  /** Reading and decoding the file. In a browser a part of the decoding counts as `preprocess`, because rows are decoded when needed. */
  readonly decode: number
  /** Resizing, cropping and normalising the picture. */
  readonly preprocess: number
  /** The run of the network, and the wait for earlier runs. */
  readonly network: number
}

/** Which backend and device gave a result, and how long it took. */
export interface RunInfo {
  /** The name of the backend, such as `wasm`. */
  readonly backend: string
  /** What the backend runs on, in its own words. */
  readonly device: string
  /** The time of each stage. */
  readonly milliseconds: Milliseconds
}

/** The answers for one picture, with the logits, the backend and the time. */
export interface Classification extends RunInfo {
  /** The most probable classes, best first. */
  readonly answers: readonly Answer[]
  /** The output of the last layer before softmax or sigmoid, `[classes]`; a background class is included. */
  readonly logits: Float32Array
}

/** The embedding of one picture, with the backend and the time. */
export interface Embedding extends RunInfo {
  /** The pooled features, `[channels of the last map]`: 1280 at width multiplier 1.0. */
  readonly features: Float32Array
}

/** The outcome for one `picture` of several: its result, or the `error` that prevented it. */
export type BatchOutcome<Source, Result = Classification> =
  | (Result & { readonly picture: Source })
  | { readonly picture: Source; readonly error: unknown }

/**
 * A network that is compiled for a backend and answers questions about pictures. `load` and `compile` make one. The main methods are
 * `classify`, which names the classes of a picture, and `embed`, which gives its features.
 *
 * Every method that takes a picture throws `OPTION` if an option is wrong, `SOURCE` if the picture's file cannot be read, `IMAGE` if it is
 * not a picture that can be decoded, `PARAMETERS` if the network gives a value that is not finite, and the signal's reason if the signal
 * is aborted. `dispose` ends every call that is under way with `DISPOSED`, and every later call throws it. Only `backend`, `device`,
 * `reasons` and `memory` still work then.
 */
export interface Model {
  /**
   * The network: its layers, weights and classes, and how it was recognised. It is plain data: a program that keeps it can compile it again
   * after `dispose`.
   * @throws MobileNetV2Error `DISPOSED` after `dispose`, because a disposed model holds no weights
   */
  readonly network: Network
  /** The name of the backend that runs the network, such as `wasm`. */
  readonly backend: string
  /** What the backend runs on, in its own words. */
  readonly device: string
  /** What was decided about the network and its backend, and why: a sentence each. */
  readonly reasons: readonly string[]
  /**
   * The most probable classes of a picture, best first. With `detailed`, also the logits, the backend and the time.
   * @throws MobileNetV2Error `CHECKPOINT` if the network has no classifier; as every method that takes a picture
   * @example
   * ```ts
   * import { load } from 'mobilenetv2'
   *
   * const model = await load()
   * const [best] = await model.classify('cat.jpg', { top: 3 })
   * console.log(best?.label, best?.probability)
   * ```
   */
  classify(picture: PictureSource, options: ClassifyOptions & { readonly detailed: true }): Promise<Classification>
  classify(picture: PictureSource, options?: ClassifyOptions & { readonly detailed?: false | undefined }): Promise<Answer[]>
  /**
   * Classifies pictures one after the other and decodes the next ones meanwhile. Outcomes come in the order of the pictures. A picture
   * that cannot be read gives an outcome with `error`, and the other pictures are still classified. If the iterator of the pictures fails,
   * its error is thrown after the outcomes of the pictures before. If the caller stops early, the iterator is closed.
   * @throws MobileNetV2Error `OPTION` if an option is wrong or `pictures` is not iterable; `CHECKPOINT` if the network has no classifier;
   * `DISPOSED`; the signal's reason
   * @example
   * ```ts
   * import { load } from 'mobilenetv2'
   *
   * const model = await load()
   * for await (const outcome of model.classifyBatch(['cat.jpg', 'dog.jpg'])) {
   *   console.log(outcome.picture, 'error' in outcome ? outcome.error : outcome.answers[0]?.label)
   * }
   * ```
   */
  classifyBatch<Source extends PictureSource>(
    pictures: Iterable<Source> | AsyncIterable<Source>,
    options?: ClassifyOptions,
  ): AsyncGenerator<BatchOutcome<Source>, void, void>
  /**
   * Classifies the frames of a video, from a camera or a file, one at a time. Frames that arrive while one is being classified, or while
   * `callback` runs, are dropped. Resolves when the signal is aborted, when the video ends, or when its source is gone: the track is
   * stopped, `srcObject` or `src` is removed or replaced, or the element is removed from the document and pauses. While the video is paused
   * or its tab is hidden, the call waits. Rejects with the first error, also with an error that `callback` throws.
   * @throws MobileNetV2Error `IMAGE` if the video cannot be played; `CHECKPOINT` if the network has no classifier; as every method that
   * takes a picture, but not the signal's reason
   * @example
   * ```ts
   * import { load } from 'mobilenetv2'
   *
   * const [model, video] = [await load(), document.querySelector('video')!]
   * video.srcObject = await navigator.mediaDevices.getUserMedia({ video: true })
   * await model.webcam(video, ({ answers, milliseconds }) => console.log(answers[0]?.label, milliseconds))
   * ```
   */
  webcam(
    video: Global<'HTMLVideoElement'>,
    callback: (frame: FrameAnswers) => void | Promise<void>,
    options?: ClassifyOptions,
  ): Promise<void>
  /**
   * The pooled features of a picture, `[channels of the last map]`: 1280 at width multiplier 1.0. Similar pictures have vectors of similar
   * direction. With `detailed`, also the backend and the time.
   * @throws MobileNetV2Error `INPUT` if the network has no pool; as every method that takes a picture
   * @example
   * ```ts
   * import { load } from 'mobilenetv2'
   *
   * const model = await load()
   * const vector = await model.embed('cat.jpg', { normalize: true })
   * ```
   */
  embed(picture: PictureSource, options: EmbedOptions & { readonly detailed: true }): Promise<Embedding>
  embed(picture: PictureSource, options?: EmbedOptions & { readonly detailed?: false | undefined }): Promise<Float32Array>
  /**
   * Embeds pictures one after the other, as `classifyBatch` classifies them.
   * @throws MobileNetV2Error `OPTION` if an option is wrong or `pictures` is not iterable; `INPUT` if the network has no pool; `DISPOSED`;
   * the signal's reason
   * @example
   * ```ts
   * import { load } from 'mobilenetv2'
   *
   * const model = await load()
   * for await (const outcome of model.embedBatch(['cat.jpg', 'dog.jpg'])) {
   *   if (!('error' in outcome)) console.log(outcome.picture, outcome.features)
   * }
   * ```
   */
  embedBatch<Source extends PictureSource>(
    pictures: Iterable<Source> | AsyncIterable<Source>,
    options?: PictureOptions,
  ): AsyncGenerator<BatchOutcome<Source, Embedding>, void, void>
  /**
   * How similar two pictures are: the cosine of the angle between their embeddings. It lies between 0 and 1 after ReLU6, as in the paper,
   * and else between -1 and 1.
   * @throws MobileNetV2Error `INPUT` if the network has no pool; as every method that takes a picture
   * @example
   * ```ts
   * import { load } from 'mobilenetv2'
   *
   * const model = await load()
   * console.log(await model.similarity('cat-1.jpg', 'cat-2.jpg'))
   * ```
   */
  similarity(left: PictureSource, right: PictureSource, options?: PictureOptions): Promise<number>
  /**
   * Measures the model on pictures whose classes are known: accuracy, loss, calibration, each class, confusion, worst mistakes. A label is
   * one of the model's labels, a synonym in it, a WordNet id if the classes are ImageNet's, or a class index. A picture that cannot be read
   * is listed in `skipped`.
   * @throws MobileNetV2Error `INPUT` if there are no labelled pictures, or if a label is not the name of exactly one class of the model;
   * `SOURCE` if a folder cannot be listed, as always in a browser; `IMAGE` if no picture can be read; `OPTION` if an option is wrong or the
   * model has only one class; `CHECKPOINT` if the network has no classifier; `PARAMETERS` if the network gives a value that is not finite;
   * `DISPOSED`; the signal's reason
   * @example
   * ```ts
   * import { load } from 'mobilenetv2'
   *
   * const model = await load('mine.safetensors')
   * const { accuracy, loss, mistakes } = await model.evaluate('test/')
   * console.log(accuracy, loss, mistakes[0]?.picture)
   * ```
   */
  evaluate(pictures: LabelledPictures, options?: EvaluateOptions): Promise<Evaluation>
  /**
   * Teaches the network your own classes, from pictures of each class: a folder with a subfolder for each class, or an object of label to
   * pictures. The new network has the layers of this one up to the pooled features, and a new classifier behind them. With `fineTune`, some
   * of those layers are trained too. This model does not change. A picture that cannot be read is listed in `skipped`.
   * @throws MobileNetV2Error `OPTION` if an option is wrong or has no effect; `INPUT` if there are fewer than two classes, a class has no
   * picture, or the network has no pool; `SOURCE` if a folder cannot be listed, as always in a browser; `IMAGE` if no picture of a class
   * can be read; `BACKEND` if TensorFlow.js, which fine-tunes, is not installed; `PARAMETERS` if a value is not finite; `DISPOSED`; the
   * signal's reason
   * @example
   * ```ts
   * import { load } from 'mobilenetv2'
   *
   * const model = await load()
   * const taught = await model.teach('photos/')
   * await taught.save('mine.safetensors')
   * ```
   */
  teach(pictures: LabelledPictures, options?: TeachOptions): Promise<Taught>
  /**
   * Where on a picture the evidence for a class is: the class activation map (Zhou et al., arXiv 1512.04150, section 2).
   * @throws MobileNetV2Error `OPTION` if there is no such class, or if the network does not end with an average pool and a classifier;
   * `CHECKPOINT` if the network has no classifier; as every method that takes a picture
   * @example
   * ```ts
   * import { load } from 'mobilenetv2'
   *
   * const model = await load()
   * const { answer, overlay } = await model.explain('cat.jpg')
   * console.log(answer.label, overlay.width, overlay.height)
   * ```
   */
  explain(picture: PictureSource, options?: ExplainOptions): Promise<Explanation>
  /**
   * The output of one layer for a picture, `[height, width, channels]`. The first call for a layer compiles the network up to it.
   * @throws MobileNetV2Error `OPTION` if the network has no such layer; `BACKEND` if the part cannot be compiled; as every method that
   * takes a picture
   * @example
   * ```ts
   * import { load } from 'mobilenetv2'
   *
   * const model = await load()
   * const { values, height, width, channels } = await model.activation('cat.jpg', 'block3.expand')
   * ```
   */
  activation(picture: PictureSource, layer: LayerId, options?: PictureOptions): Promise<LayerActivation>
  /**
   * Moves the model to another backend: compiles the same network there and runs it once. No file is read again. If this fails, the model
   * stays on its backend.
   * @throws MobileNetV2Error `OPTION` if the backend or an option is not known or has no effect; `BACKEND` if the backend cannot run here;
   * `DISPOSED`
   * @example
   * ```ts
   * import { load } from 'mobilenetv2'
   *
   * const model = await load('mobilenet_v2.pth', { backend: 'wasm' })
   * await model.use('webgpu')
   * console.log(model.backend, model.device)
   * ```
   */
  use(backend: NonNullable<CompileOptions['backend']>, options?: BackendOptions): Promise<void>
  /**
   * Runs the network once on an input of zeros, so that the first answer does not wait for code that the engine compiles at its first use.
   * @throws MobileNetV2Error `OPTION` if an option is wrong; `DISPOSED`; the signal's reason
   * @example
   * ```ts
   * import { load } from 'mobilenetv2'
   *
   * const model = await load()
   * await model.warmup()
   * ```
   */
  warmup(options?: SignalOptions): Promise<void>
  /**
   * Runs the network and times its layers, in milliseconds. Layers that the backend runs together have one time.
   * @throws MobileNetV2Error `DISPOSED`; `BACKEND` if the backend cannot time layers here
   * @example
   * ```ts
   * import { load } from 'mobilenetv2'
   *
   * const model = await load()
   * for (const { layers, milliseconds } of await model.profile()) console.log(layers.join(' + '), milliseconds)
   * ```
   */
  profile(): Promise<readonly LayerTime[]>
  /**
   * The memory that the compiled network holds, in bytes: zero after `dispose`.
   * @example
   * ```ts
   * import { load } from 'mobilenetv2'
   *
   * const model = await load()
   * console.log(model.memory())
   * ```
   */
  memory(): MemoryUse
  /**
   * Frees the memory of the model. Calls that are under way reject with `DISPOSED`. A second call does nothing.
   * @example
   * ```ts
   * import { load } from 'mobilenetv2'
   *
   * const model = await load()
   * model.dispose()
   * ```
   */
  dispose(): void
  /** As `dispose`, for `using model = await load()`. */
  [Symbol.dispose](): void
}

function checkSignal(options: SignalOptions): void {
  checkOptionNames(options, ['signal'])
  signalOption(options.signal)
}

async function checkNetwork(network: Network): Promise<void> {
  const { architecture, parameters, classes, preprocessing } = (network ?? {}) as Partial<Network>
  if (!architecture || !parameters || !classes || !preprocessing) throw (await import('./refusals.js')).notANetwork(network)
  if (!classesFit(classes, architecture.classes)) {
    throw (await import('./refusals.js')).otherClasses(classes, architecture.classes)
  }
}

/** @throws MobileNetV2Error `CHECKPOINT` if the network has no classifier */
export function requireClassifier({ architecture, source }: Network): void {
  if (architecture.layers.at(-1)?.id === 'classifier') return
  throw new MobileNetV2Error('CHECKPOINT', 'This network has no classifier: it ends with its features.', {
    where: `file ${source.file}`,
    remedy: 'Use embed() (`mobilenetv2 embed`), or a checkpoint with a classifier.',
  })
}

/** What a model needs until `dispose`. No other object of a model holds weights. */
interface Foundation {
  readonly network: Network
  readonly engine: Engine
}

/** The words for an engine. They stay when the engine itself is gone. */
function describeEngine({ compiled: { backend, device }, reason }: Engine): Pick<Model, 'backend' | 'device'> & { reason: string } {
  return { backend, device, reason }
}

/**
 * Makes the model of a network that an engine runs. Only the variable `held` may refer to the weights: a closure keeps its other variables
 * in memory after `dispose`.
 */
function createModel(foundation: Foundation, limit: Pick<CompileOptions, 'maxActivationBytes'>): Model {
  const { architecture, classes, preprocessing, reasons } = foundation.network
  const { input } = architecture
  let held: Foundation | null = foundation
  /** The engine that ran last. */
  let last = describeEngine(foundation.engine)
  /** Aborted by `dispose`. */
  const life = new AbortController()

  const zeros = (): Float32Array => new Float32Array(inputLength(architecture))

  function alive(): Foundation {
    if (held !== null) return held
    throw disposedError()
  }

  /** Does the work of one call. `dispose` ends the call at once, even while the work waits for something. */
  async function whileAlive<Result>(work: () => Promise<Result>): Promise<Result> {
    alive()
    return abortable(work(), life.signal)
  }

  function running(): Engine {
    return alive().engine
  }

  async function run(pixels: Float32Array, output: OutputName, signal?: AbortSignal): Promise<Float32Array> {
    const results = await running().use(({ compiled }) => compiled.run(pixels, { outputs: [output], signal }))
    return results[output]
  }

  /** As `run`, but throws if a value is not finite: such values give no answer. */
  async function runFinite(pixels: Float32Array, output: OutputName, signal?: AbortSignal): Promise<Float32Array> {
    const values = await run(pixels, output, signal)
    if (values.every(Number.isFinite)) return values
    throw await abortable(
      running().use(async ({ activations }) => (await activations()).explainNotFinite(pixels)),
      signal,
    )
  }

  function activationOf(pixels: Float32Array, signal?: AbortSignal): (layer: LayerId) => Promise<LayerActivation> {
    return (layer) => running().use(async ({ activations }) => (await activations()).of(layer, pixels, signal))
  }

  const takeTurn = createTurns(filesAtOnce)
  const useTurn = createTurns(1)

  /** Opens a picture for some work. A file keeps its turn until the work is done, so that decoded pictures do not pile up in memory. */
  async function withPicture<Result>(
    picture: PictureSource,
    options: PictureOptions,
    work: (opening: Promise<OpenedPicture>) => Promise<Result>,
  ): Promise<Result> {
    const { signal } = options
    const { isFile, open } = await holdPicture(picture, signal, decodingOf(options, { preprocessing, architecture }))
    const begin = (): Promise<Result> => {
      const start = performance.now()
      return work(open().then((rows) => ({ rows, milliseconds: performance.now() - start })))
    }
    const beginFile = async (): Promise<Result> => {
      alive()
      return begin()
    }
    // A decoder cannot be stopped. After an abort it goes on to its end and keeps its turn.
    return abortable(isFile ? takeTurn(beginFile, signal) : begin(), signal)
  }

  function withPixels<Result>(
    picture: PictureSource,
    options: PictureOptions,
    use: (pixels: Float32Array) => Promise<Result>,
  ): Promise<Result> {
    const { signal } = options
    return withPicture(picture, options, async (opening) =>
      use(await preprocessRows((await opening).rows, preprocessing, input, { signal })),
    )
  }

  /** Computes one output for one picture. */
  async function ask(
    opening: Promise<OpenedPicture>,
    output: OutputName,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly values: Float32Array; readonly info: RunInfo }> {
    const { rows, milliseconds: decode } = await opening
    const decoded = performance.now()
    const pixels = await preprocessRows(rows, preprocessing, input, { signal })
    const prepared = performance.now()
    const { backend, device } = running().compiled
    const values = await runFinite(pixels, output, signal)
    const milliseconds = { decode, preprocess: prepared - decoded, network: performance.now() - prepared }
    return { values, info: { backend, device, milliseconds } }
  }

  function askPicture(picture: PictureSource, output: OutputName, options: PictureOptions): ReturnType<typeof ask> {
    return withPicture(picture, options, (opening) => ask(opening, output, options.signal))
  }

  /** Computes one output for each picture. While the network runs, the next pictures are decoded. */
  async function* askEach<Source extends PictureSource, Result extends object>(
    pictures: Iterable<Source> | AsyncIterable<Source>,
    output: OutputName,
    options: PictureOptions,
    read: (values: Float32Array) => Result,
  ): AsyncGenerator<BatchOutcome<Source, Result & RunInfo>, void, void> {
    const { checkPictures, decodeAhead } = await import('./decode-ahead.js')
    checkPictures(pictures)
    const { signal } = options
    const decoding = decodingOf(options, { preprocessing, architecture })
    const open: typeof openPicture = (picture, signal) => openPicture(picture, signal, decoding)
    for await (const { source, opening } of decodeAhead(pictures, open, signal, life.signal)) {
      const [asked] = await Promise.allSettled([abortable(ask(opening, output, signal), life.signal)])
      signal?.throwIfAborted()
      alive()
      yield asked.status === 'fulfilled'
        ? { picture: source, ...read(asked.value.values), ...asked.value.info }
        : { picture: source, error: asked.reason }
    }
  }

  const hasPool = architecture.layers.some(({ id }) => id === 'pool')

  async function features(picture: PictureSource, options: PictureOptions): ReturnType<typeof ask> {
    if (!hasPool) throw (await import('./refusals.js')).noPool(architecture)
    return askPicture(picture, 'features', options)
  }

  function answerer(options: ClassifyOptions): (logits: Float32Array) => Answer[] {
    const { top, threshold } = checkClassifyOptions(options)
    requireClassifier(alive().network)
    return (logits) => topAnswers(logits, classes, top).filter(({ probability }) => probability >= threshold)
  }

  async function classification(picture: PictureSource, options: ClassifyOptions): Promise<Classification> {
    const answer = answerer(options)
    const { values, info } = await askPicture(picture, 'logits', options)
    return { answers: answer(values), logits: values, ...info }
  }

  async function classify(
    picture: PictureSource,
    options: ClassifyOptions & { readonly detailed?: boolean | undefined } = {},
  ): Promise<Classification | readonly Answer[]> {
    alive()
    const { detailed, ...rest } = options
    typeOption('detailed', detailed, 'boolean')
    const found = await whileAlive(() => classification(picture, rest))
    return detailed ? found : found.answers
  }

  async function embed(
    picture: PictureSource,
    options: EmbedOptions & { readonly detailed?: boolean | undefined } = {},
  ): Promise<Embedding | Float32Array> {
    alive()
    checkPictureOptions(options, ['normalize', 'detailed'])
    typeOption('normalize', options.normalize, 'boolean')
    typeOption('detailed', options.detailed, 'boolean')
    const { values, info } = await whileAlive(() => features(picture, options))
    const embedding = options.normalize ? (await import('./similarity.js')).normalized(values) : values
    return options.detailed ? { features: embedding, ...info } : embedding
  }

  function dispose(): void {
    const ending = held
    held = null
    ending?.engine.dispose()
    if (ending !== null) life.abort(disposedError())
  }

  const model: Model = {
    get network() {
      return alive().network
    },
    get backend() {
      return last.backend
    },
    get device() {
      return last.device
    },
    get reasons() {
      return [...reasons, `backend ${last.reason}`]
    },
    classify: classify as Model['classify'],
    webcam: (video, callback, options = {}) =>
      whileAlive(async () => {
        answerer(options)
        const { classifyFrames } = await import('./webcam.js')
        const answers = async (frame: HTMLVideoElement): Promise<readonly Answer[]> =>
          (await classification(frame, options)).answers
        await classifyFrames(answers, video, callback, options.signal, life.signal)
      }),
    async *classifyBatch(pictures, options = {}) {
      alive()
      const answer = answerer(options)
      yield* askEach(pictures, 'logits', options, (logits) => ({ answers: answer(logits), logits }))
    },
    async *embedBatch(pictures, options = {}) {
      alive()
      checkPictureOptions(options)
      if (!hasPool) throw (await import('./refusals.js')).noPool(architecture)
      yield* askEach(pictures, 'features', options, (values) => ({ features: values }))
    },
    embed: embed as Model['embed'],
    similarity: (left, right, options = {}) =>
      whileAlive(async () => {
        checkPictureOptions(options)
        // Both pictures are taken before anything is awaited, so that later changes to pixels have no effect.
        const [one, other] = await Promise.all([features(left, options), features(right, options)])
        const { cosineSimilarity } = await import('./similarity.js')
        return cosineSimilarity(one.values, other.values)
      }),
    evaluate: (pictures, options = {}) =>
      whileAlive(async () => (await import('./evaluate/evaluate.js')).evaluate(model, pictures, options)),
    teach: (pictures, options = {}) =>
      whileAlive(async () => {
        const { backend } = running()
        return (await import('./teach/teach.js')).teach({ model, backend, limit, life: life.signal }, pictures, options)
      }),
    explain: (picture, options = {}) =>
      whileAlive(async () => {
        checkPictureOptions(options, ['class'])
        requireClassifier(alive().network)
        const { class: wanted, signal } = options
        // The picture is taken at the call, before anything is awaited.
        return withPixels(picture, options, async (pixels) => {
          const { explainPicture } = await import('./explain.js')
          const answers = topAnswers(await runFinite(pixels, 'logits', signal), classes, Infinity)
          return explainPicture(alive().network, { pixels, answers, activationOf: activationOf(pixels, signal) }, wanted)
        })
      }),
    activation: (picture, layer, options = {}) =>
      whileAlive(async () => {
        checkPictureOptions(options)
        const { signal } = options
        return withPixels(picture, options, (pixels) => activationOf(pixels, signal)(layer))
      }),
    use: (backend, options = {}) =>
      whileAlive(async () => {
        checkOptionNames(options, backendOptionNames)
        // Calls of `use` take turns, so that the model ends with the backend that was asked for last.
        await useTurn(async () => {
          const { network } = alive()
          const next = await startEngine(network, { ...options, ...limit, backend })
          try {
            await next.compiled.run(zeros())
            running().retire()
          } catch (error) {
            next.dispose()
            throw error
          }
          held = { network, engine: next }
          last = describeEngine(next)
        })
      }),
    warmup: (options = {}) =>
      whileAlive(async () => {
        checkSignal(options)
        await run(zeros(), 'logits', options.signal)
      }),
    profile: () => whileAlive(() => running().use(({ compiled }) => compiled.profile())),
    memory: () => held?.engine.compiled.memory() ?? noMemory,
    dispose,
    [Symbol.dispose]: dispose,
  }
  return model
}

/**
 * Compiles a network for a backend, so that it answers questions about pictures.
 * @throws MobileNetV2Error `OPTION` if the backend or an option is not known or has no effect; `BACKEND` if the backend cannot run here,
 * or if the network takes more memory than `maxActivationBytes`; `PARAMETERS` if weights, labels or background class do not fit the layers;
 * `INPUT` if this is not a network
 * @example
 * ```ts
 * import { compile, readNetwork } from 'mobilenetv2'
 *
 * const network = await readNetwork('mobilenet_v2.pth')
 * const model = await compile(network, { backend: 'wasm', threads: 2 })
 * ```
 */
export async function compile(network: Network, options: CompileOptions = {}): Promise<Model> {
  checkOptionNames(options, compileOptionNames)
  await checkNetwork(network)
  const { maxActivationBytes } = options
  return createModel({ network, engine: await startEngine(network, options) }, { maxActivationBytes })
}
