import { preprocessRows } from '@mobilenetv2/image'
import {
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
import type { Network } from '@mobilenetv2/weights'
import type { LayerActivation } from './activations.js'
import { type Answer, topAnswers } from './answers.js'
import { type BackendOptions, backendOptionNames, type CompileOptions } from './backends.js'
import {
  type ClassifyOptions,
  checkClassifyOptions,
  type EmbedOptions,
  type ExplainOptions,
  type SignalOptions,
} from './call-options.js'
import { type Engine, startEngine } from './engine.js'
import type { Explanation } from './explain.js'
import { holdPicture, type OpenedPicture, openPicture, type PictureSource } from './picture-source.js'
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

/** The outcome of one picture of several: its classification, or the error that prevented it. */
export type BatchOutcome<Source> =
  | (Classification & { readonly picture: Source })
  | { readonly picture: Source; readonly error: unknown }

/** A model that answers questions about pictures. Every method rejects with `DISPOSED` after `dispose`. */
export interface Model {
  /** The network: its layers, weights and classes, and how it was recognised. */
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
   * that cannot be read gives an outcome with `error`; the others go on. If the caller stops early, the iterator of the pictures is
   * closed.
   */
  classifyBatch<Source extends PictureSource>(
    pictures: Iterable<Source> | AsyncIterable<Source>,
    options?: ClassifyOptions,
  ): AsyncGenerator<BatchOutcome<Source>, void, void>
  /**
   * Classifies the frames of a video, from a camera or a file, one at a time. Frames that arrive while one is being classified, or
   * while `callback` runs, are dropped. Resolves when the signal is aborted or the video ends; rejects with the first error.
   */
  webcam(
    video: Global<'HTMLVideoElement'>,
    callback: (frame: FrameAnswers) => void | Promise<void>,
    options?: ClassifyOptions,
  ): Promise<void>
  /** The pooled features `[channels of the last map]` (1280 at width 1.0): similar pictures have vectors of similar direction. `detailed` adds the time. */
  embed(picture: PictureSource, options: EmbedOptions & { readonly detailed: true }): Promise<Embedding>
  embed(picture: PictureSource, options?: EmbedOptions & { readonly detailed?: false | undefined }): Promise<Float32Array>
  /** How alike two pictures are, 0 to 1: the cosine between their embeddings. */
  similarity(left: PictureSource, right: PictureSource, options?: SignalOptions): Promise<number>
  /** Where on a picture a class was found. */
  explain(picture: PictureSource, options?: ExplainOptions): Promise<Explanation>
  /** The output of one layer, for looking inside. The first call for a layer compiles the network up to it. */
  activation(picture: PictureSource, layer: LayerId, options?: SignalOptions): Promise<LayerActivation>
  /**
   * Compiles the same network for another backend, runs it once there, and stays with it. Nothing is read again. If it fails, the
   * model stays as it was.
   */
  use(backend: NonNullable<CompileOptions['backend']>, options?: BackendOptions): Promise<void>
  /** Runs once on a picture of zeros, so that the first answer does not wait for lazy compilation. */
  warmup(options?: SignalOptions): Promise<void>
  /** Times each layer. */
  profile(): Promise<readonly LayerTime[]>
  /** Bytes that the compiled network holds. */
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
  if (architecture !== undefined && parameters !== undefined && classes !== undefined && preprocessing !== undefined) return
  throw (await import('./refusals.js')).notANetwork(network)
}

/** @throws MobileNetV2Error `CHECKPOINT` if the network has no classes */
export function requireClassifier({ architecture, source }: Network): void {
  if (architecture.classes > 0) return
  throw new MobileNetV2Error('CHECKPOINT', 'This network has no classifier: it ends with its features.', {
    where: `file ${source.file}`,
    remedy: 'Use embed(), on the command line `mobilenetv2 embed`, or a checkpoint with a classifier.',
  })
}

/** Makes the model of a network that the engine runs. */
function createModel(network: Network, first: Engine): Model {
  const { architecture, classes, preprocessing } = network
  const { input } = architecture
  let engine: Engine | null = first
  /** The engine that ran last, which `backend`, `device` and `reasons` describe after `dispose` too. */
  let last = first

  const zeros = (): Float32Array => new Float32Array(inputLength(architecture))

  function running(): Engine {
    if (engine !== null) return engine
    throw new MobileNetV2Error('DISPOSED', 'The model was used after its dispose().')
  }

  async function run<Output extends OutputName>(pixels: Float32Array, output: Output, signal?: AbortSignal): Promise<Float32Array> {
    const results = await running().use(({ compiled }) => compiled.run(pixels, { outputs: [output], signal }))
    return results[output]
  }

  const takeTurn = createTurns(filesAtOnce)
  const useTurn = createTurns(1)

  /** Opens a picture for some work. A file keeps its turn until the work is done, so that neither bitmaps nor inputs pile up. */
  async function withPicture<Result>(
    picture: PictureSource,
    signal: AbortSignal | undefined,
    work: (opening: Promise<OpenedPicture>) => Promise<Result>,
  ): Promise<Result> {
    running()
    const { isFile, open } = await holdPicture(picture, signal)
    const begin = (): Promise<Result> => {
      const start = performance.now()
      return work(open().then((rows) => ({ rows, milliseconds: performance.now() - start })))
    }
    return isFile ? takeTurn(begin, signal) : begin()
  }

  function withPixels<Result>(
    picture: PictureSource,
    signal: AbortSignal | undefined,
    use: (pixels: Float32Array) => Promise<Result>,
  ): Promise<Result> {
    return withPicture(picture, signal, async (opening) =>
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
    const values = await run(pixels, output, signal)
    const milliseconds = { decode, preprocess: prepared - decoded, network: performance.now() - prepared }
    return { values, info: { backend, device, milliseconds } }
  }

  function askPicture(picture: PictureSource, output: OutputName, signal?: AbortSignal): ReturnType<typeof ask> {
    return withPicture(picture, signal, (opening) => ask(opening, output, signal))
  }

  async function features(picture: PictureSource, signal?: AbortSignal): ReturnType<typeof ask> {
    if (!architecture.layers.some(({ id }) => id === 'pool')) throw (await import('./refusals.js')).noPool(architecture)
    return askPicture(picture, 'features', signal)
  }

  function answerer(options: ClassifyOptions): (logits: Float32Array) => Answer[] {
    const { top, threshold } = checkClassifyOptions(options)
    requireClassifier(network)
    return (logits) => topAnswers(logits, classes, top).filter(({ probability }) => probability >= threshold)
  }

  async function classification(picture: PictureSource, options: ClassifyOptions): Promise<Classification> {
    const answer = answerer(options)
    const { values, info } = await askPicture(picture, 'logits', options.signal)
    return { answers: answer(values), logits: values, ...info }
  }

  async function classify(
    picture: PictureSource,
    options: ClassifyOptions & { readonly detailed?: boolean | undefined } = {},
  ): Promise<Classification | readonly Answer[]> {
    const { detailed, ...rest } = options
    typeOption('detailed', detailed, 'boolean')
    const found = await classification(picture, rest)
    return detailed ? found : found.answers
  }

  async function embed(
    picture: PictureSource,
    options: EmbedOptions & { readonly detailed?: boolean | undefined } = {},
  ): Promise<Embedding | Float32Array> {
    checkOptionNames(options, ['normalize', 'signal', 'detailed'])
    typeOption('normalize', options.normalize, 'boolean')
    typeOption('detailed', options.detailed, 'boolean')
    signalOption(options.signal)
    const { values, info } = await features(picture, options.signal)
    const embedding = options.normalize ? (await import('./similarity.js')).normalized(values) : values
    return options.detailed ? { features: embedding, ...info } : embedding
  }

  function dispose(): void {
    engine?.dispose()
    engine = null
  }

  return {
    network,
    get backend() {
      return last.compiled.backend
    },
    get device() {
      return last.compiled.device
    },
    get reasons() {
      return [...network.reasons, `backend ${last.reason}`]
    },
    classify: classify as Model['classify'],
    async webcam(video, callback, options = {}) {
      const { classifyFrames } = await import('./webcam.js')
      const answers = async (frame: HTMLVideoElement): Promise<readonly Answer[]> => (await classification(frame, options)).answers
      await classifyFrames(answers, video, callback, options.signal)
    },
    async *classifyBatch(pictures, options = {}) {
      const { checkPictures, decodeAhead } = await import('./decode-ahead.js')
      checkPictures(pictures)
      const answer = answerer(options)
      const { signal } = options
      running()
      for await (const { source, opening } of decodeAhead(pictures, openPicture, signal)) {
        const [asked] = await Promise.allSettled([ask(opening, 'logits', signal)])
        signal?.throwIfAborted()
        running()
        yield asked.status === 'fulfilled'
          ? { picture: source, answers: answer(asked.value.values), logits: asked.value.values, ...asked.value.info }
          : { picture: source, error: asked.reason }
      }
    },
    embed: embed as Model['embed'],
    async similarity(left, right, options = {}) {
      checkSignal(options)
      // Both are taken at the call.
      const [one, other] = await Promise.all([features(left, options.signal), features(right, options.signal)])
      const { cosineSimilarity } = await import('./similarity.js')
      return cosineSimilarity(one.values, other.values)
    },
    async explain(picture, options = {}) {
      checkOptionNames(options, ['class', 'signal'])
      signalOption(options.signal)
      requireClassifier(network)
      const { class: wanted, signal } = options
      // The picture is taken at the call, before anything is awaited.
      return withPixels(picture, signal, async (pixels) => {
        const { explainPicture } = await import('./explain.js')
        const answers = topAnswers(await run(pixels, 'logits', signal), classes, architecture.classes)
        const activationOf = (layer: LayerId): Promise<LayerActivation> =>
          running().use((engine) => engine.activationOf(layer, pixels, signal))
        return explainPicture(network, { pixels, answers, activationOf }, wanted)
      })
    },
    async activation(picture, layer, options = {}) {
      checkSignal(options)
      const { signal } = options
      return withPixels(picture, signal, (pixels) => running().use(({ activationOf }) => activationOf(layer, pixels, signal)))
    },
    async use(backend, options = {}) {
      checkOptionNames(options, backendOptionNames)
      running()
      // One after the other: the model stays with what was asked for last.
      await useTurn(async () => {
        const next = await startEngine(network, { ...options, backend })
        try {
          await next.compiled.run(zeros())
          running()
        } catch (error) {
          next.dispose()
          throw error
        }
        engine?.retire()
        engine = next
        last = next
      })
    },
    async warmup(options = {}) {
      checkSignal(options)
      await run(zeros(), 'logits', options.signal)
    },
    profile: async () => running().use(({ compiled }) => compiled.profile()),
    memory: () => engine?.compiled.memory() ?? { weights: 0, activations: 0, scratch: 0, code: 0 },
    dispose,
    [Symbol.dispose]: dispose,
  }
}

/**
 * Compiles a network, so that it answers questions about pictures.
 * @throws MobileNetV2Error `OPTION` if the backend or an option is not known or has no effect; `BACKEND` if the backend cannot run here
 */
export async function compile(network: Network, options: CompileOptions = {}): Promise<Model> {
  checkOptionNames(options, ['backend', ...backendOptionNames])
  await checkNetwork(network)
  return createModel(network, await startEngine(network, options))
}
