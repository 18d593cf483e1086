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

/** Milliseconds that one picture took. The time that it waited for earlier pictures is not counted. */
export interface Milliseconds {
  /** Reading and decoding the file. In a browser a part of the decoding counts as `preprocess`: rows are read when they are needed. */
  readonly decode: number
  readonly preprocess: number
  /** The run of the network, and the wait for earlier runs. */
  readonly network: number
}

/** Which backend and device gave a result, and how long it took. */
export interface RunInfo {
  readonly backend: string
  readonly device: string
  readonly milliseconds: Milliseconds
}

/** A classification with its logits, which backend gave it, and the time. */
export interface Classification extends RunInfo {
  /** The most probable classes, best first. */
  readonly answers: readonly Answer[]
  /** `[classes]`, a background class included. */
  readonly logits: Float32Array
}

/** An embedding, which backend gave it, and the time. */
export interface Embedding extends RunInfo {
  /** `[head channels]`. */
  readonly features: Float32Array
}

/** The outcome of one picture of several: its result, or the error that prevented it. */
export type BatchOutcome<Source, Result = Classification> =
  | (Result & { readonly picture: Source })
  | { readonly picture: Source; readonly error: unknown }

/**
 * A model that answers questions about pictures. After `dispose` every method rejects with `DISPOSED`, and so does each call that is
 * under way then; `backend`, `device` and `reasons` stay.
 */
export interface Model {
  /**
   * The network: its layers, weights and classes, and how it was recognised. A disposed model holds no weights, so this throws
   * `DISPOSED` then; a network that the caller has is the caller's.
   */
  readonly network: Network
  /** The name of the backend that runs it. */
  readonly backend: string
  /** What it runs on, as the backend names it. */
  readonly device: string
  /** What was decided about the network and its backend, and why. */
  readonly reasons: readonly string[]
  /** The most probable classes, best first; `detailed` adds the logits and the time. */
  classify(picture: PictureSource, options: ClassifyOptions & { readonly detailed: true }): Promise<Classification>
  classify(picture: PictureSource, options?: ClassifyOptions & { readonly detailed?: false | undefined }): Promise<Answer[]>
  /**
   * Classifies pictures one after the other and decodes the next ones meanwhile. Outcomes come in the order of the pictures. A picture
   * that cannot be read gives an outcome with `error`; the others go on. If the iterator of the pictures fails, the outcomes of the
   * pictures before come first, and then its error. If the caller stops early, the iterator is closed.
   */
  classifyBatch<Source extends PictureSource>(
    pictures: Iterable<Source> | AsyncIterable<Source>,
    options?: ClassifyOptions,
  ): AsyncGenerator<BatchOutcome<Source>, void, void>
  /**
   * Classifies the frames of a video, from a camera or a file, one at a time. Frames that arrive while one is being classified, or
   * while `callback` runs, are dropped. Resolves when the signal is aborted, when the video ends, or when its camera or file goes away:
   * the track is stopped, `srcObject` or `src` is taken away or replaced, or the element is removed from the document and pauses. A
   * video that is paused or in a hidden tab is waited for. Rejects with the first error, of the video too.
   */
  webcam(
    video: Global<'HTMLVideoElement'>,
    callback: (frame: FrameAnswers) => void | Promise<void>,
    options?: ClassifyOptions,
  ): Promise<void>
  /** The pooled features `[channels of the last map]` (1280 at width 1.0): similar pictures have vectors of similar direction. `detailed` adds the time. */
  embed(picture: PictureSource, options: EmbedOptions & { readonly detailed: true }): Promise<Embedding>
  embed(picture: PictureSource, options?: EmbedOptions & { readonly detailed?: false | undefined }): Promise<Float32Array>
  /** Embeds pictures one after the other, as `classifyBatch` classifies them. */
  embedBatch<Source extends PictureSource>(
    pictures: Iterable<Source> | AsyncIterable<Source>,
    options?: PictureOptions,
  ): AsyncGenerator<BatchOutcome<Source, Embedding>, void, void>
  /** How alike two pictures are, 0 to 1: the cosine between their embeddings. */
  similarity(left: PictureSource, right: PictureSource, options?: PictureOptions): Promise<number>
  /**
   * How well the model answers for pictures whose classes are known: accuracy, loss, calibration, each class, confusion, worst mistakes. The
   * labels are the model's own, one of their synonyms, WordNet ids if the classes are ImageNet's, or class indices. A picture that cannot be
   * read is listed in `skipped`. Rejects with `INPUT` if there are no labelled pictures, or if a label is no class of the model or is several;
   * with `SOURCE` if a folder cannot be listed, as always in a browser; with `IMAGE` if no picture can be read.
   */
  evaluate(pictures: LabelledPictures, options?: EvaluateOptions): Promise<Evaluation>
  /**
   * Teaches the network classes of one's own, from pictures of each: a folder with a folder for each class, or an object of label to
   * pictures. The layers up to the features stay, unless `fineTune` says which ones learn too, and get a new head. This model stays as it
   * is. A picture that cannot be read costs only itself.
   * @throws MobileNetV2Error `OPTION` if an option is wrong or has no effect, or the network has no pool; `INPUT` if there are fewer than
   * two classes, or a class has no picture; `IMAGE` if no picture can be read; `BACKEND` if what fine-tunes is not installed; the signal's
   * reason
   */
  teach(pictures: LabelledPictures, options?: TeachOptions): Promise<Taught>
  /** Where on a picture a class was found. */
  explain(picture: PictureSource, options?: ExplainOptions): Promise<Explanation>
  /** The output of one layer, for looking inside. The first call for a layer compiles the network up to it. */
  activation(picture: PictureSource, layer: LayerId, options?: PictureOptions): Promise<LayerActivation>
  /**
   * Compiles the same network for another backend, runs it once there, and stays with it. Nothing is read again. If it fails, the
   * model stays as it was.
   */
  use(backend: NonNullable<CompileOptions['backend']>, options?: BackendOptions): Promise<void>
  /** Runs once on a picture of zeros, so that the first answer does not wait for lazy compilation. */
  warmup(options?: SignalOptions): Promise<void>
  /** Times each layer. */
  profile(): Promise<readonly LayerTime[]>
  /** Bytes that the compiled network holds: none after `dispose`. */
  memory(): MemoryUse
  /** Gives back the memory of the model; a second call does nothing. */
  dispose(): void
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

/** @throws MobileNetV2Error `CHECKPOINT` if the network has no classes */
export function requireClassifier({ architecture, source }: Network): void {
  if (architecture.layers.at(-1)?.id === 'classifier') return
  throw new MobileNetV2Error('CHECKPOINT', 'This network has no classifier: it ends with its features.', {
    where: `file ${source.file}`,
    remedy: 'Use embed() (`mobilenetv2 embed`), or a checkpoint with a classifier.',
  })
}

/** What a model stands on until its `dispose`. All of the weights are in it. */
interface Foundation {
  readonly network: Network
  readonly engine: Engine
}

/** Names an engine, after its model is disposed of too. */
function describeEngine({ compiled: { backend, device }, reason }: Engine): Pick<Model, 'backend' | 'device'> & { reason: string } {
  return { backend, device, reason }
}

/** Makes the model of a network that an engine runs. Nothing but `held` may hold the weights: a closure outlives `dispose`. */
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

  /** Does the work of one call. The call ends with `dispose`, whatever the work waits for then. */
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

  /** As `run`, but refuses what no answer can be made of. */
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

  /** Opens a picture for some work. A file keeps its turn until the work is done, so that neither bitmaps nor inputs pile up. */
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
    // A decoder that has begun goes on to its end, and keeps its turn.
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

  /** Computes one output for each of several pictures, of which the next ones are decoded meanwhile. */
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
        // Both are taken at the call.
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
          const answers = topAnswers(await runFinite(pixels, 'logits', signal), classes, architecture.classes)
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
        // One after the other: the model stays with what was asked for last.
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
 * Compiles a network, so that it answers questions about pictures.
 * @throws MobileNetV2Error `OPTION` if the backend or an option is not known or has no effect; `BACKEND` if the backend cannot run here,
 * or if the network takes more memory than `maxActivationBytes`; `PARAMETERS` if weights, labels or background class do not fit the layers
 */
export async function compile(network: Network, options: CompileOptions = {}): Promise<Model> {
  checkOptionNames(options, compileOptionNames)
  await checkNetwork(network)
  const { maxActivationBytes } = options
  return createModel({ network, engine: await startEngine(network, options) }, { maxActivationBytes })
}
