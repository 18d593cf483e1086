import { type Picture, preprocess } from '@mobilenetv2/image'
import {
  type Architecture,
  type Backend,
  type CompiledModel,
  defineMobileNetV2,
  MobileNetV2Error,
  type OutputName,
  type Preprocessing,
} from '@mobilenetv2/spec'
import { inferOptions, toParameters } from '@mobilenetv2/weights'
import { type Answer, topAnswers } from './answers.js'
import { type BackendName, openBackend } from './backends.js'
import { type Classes, classesOf } from './classes.js'
import { decodeAhead } from './decode-ahead.js'
import { type ModelSource, openModel } from './model-source.js'
import { openPicture, type PictureSource } from './picture-source.js'

/** What `load` takes beside its source. */
export interface LoadOptions {
  /** `wasm` unless given. */
  readonly backend?: BackendName | Backend
  /** Names of the classes in the order of the logits; a label `background` is none of the answers. */
  readonly labels?: readonly string[]
  /** Ends the loading with the signal's reason. */
  readonly signal?: AbortSignal
}

/** What one classification takes. */
export interface ClassifyOptions {
  /** How many answers: 1 or more; 5 unless given. */
  readonly top?: number
  readonly signal?: AbortSignal
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
    pictures: Iterable<Source>,
    options?: ClassifyOptions,
  ): AsyncGenerator<BatchOutcome<Source>, void, void>
  /** The pooled features `[head channels]` (1280 at width 1.0): pictures of alike things have vectors of alike direction. */
  embed(picture: PictureSource, options?: { readonly signal?: AbortSignal }): Promise<Float32Array>
  /** Gives back the memory of the model; a second call does nothing. */
  dispose(): void
  [Symbol.dispose](): void
}

function checkTop(top: number): number {
  if (Number.isInteger(top) && top >= 1) return top
  throw new MobileNetV2Error('OPTION', 'The option top is out of its range.', {
    where: 'option top',
    expected: 'an integer of 1 or more',
    got: String(top),
  })
}

function makeModel(compiled: CompiledModel, classes: Classes, info: ModelInfo): Model {
  async function runOn<Output extends OutputName>(picture: Picture, output: Output, signal?: AbortSignal): Promise<Float32Array> {
    const pixels = preprocess(picture, info.preprocessing, info.architecture.input)
    const results = await compiled.run(pixels, { outputs: [output], ...(signal && { signal }) })
    return results[output]
  }
  return {
    info,
    async classify(picture, { top = 5, signal } = {}) {
      checkTop(top)
      return topAnswers(await runOn(await openPicture(picture, signal), 'logits', signal), classes, top)
    },
    async *classifyBatch(pictures, { top = 5, signal } = {}) {
      checkTop(top)
      for await (const { source, decoded } of decodeAhead(pictures, signal)) {
        if (decoded.status === 'rejected') {
          yield { picture: source, error: decoded.reason }
          continue
        }
        const start = performance.now()
        const answers = topAnswers(await runOn(decoded.value, 'logits', signal), classes, top)
        yield { picture: source, answers, milliseconds: performance.now() - start }
      }
    },
    async embed(picture, { signal } = {}) {
      return runOn(await openPicture(picture, signal), 'features', signal)
    },
    dispose: () => compiled.dispose(),
    [Symbol.dispose]: () => compiled.dispose(),
  }
}

/**
 * Loads a model: reads the checkpoint, works out its architecture and its preprocessing from the file, and compiles it.
 * @throws MobileNetV2Error `SOURCE` where there is no such file, `CHECKPOINT` where it is no MobileNetV2 checkpoint that can be
 * read, `BACKEND` where the backend cannot run here, `OPTION` where the labels do not fit.
 */
export async function load(source: ModelSource, options: LoadOptions = {}): Promise<Model> {
  const { signal } = options
  const { checkpoint, labels } = await openModel(source, signal)
  const inferred = inferOptions(checkpoint)
  const architecture = defineMobileNetV2(inferred.options)
  const known = options.labels ?? labels ?? inferred.labels ?? null
  const classes = await classesOf(architecture.classes, known, inferred.backgroundClass)
  const backend = await openBackend(options.backend ?? 'wasm')
  signal?.throwIfAborted()
  const compiled = await backend.compile(architecture, toParameters(checkpoint, architecture))
  return makeModel(compiled, classes, {
    file: checkpoint.file,
    format: checkpoint.format,
    naming: inferred.naming,
    architecture,
    preprocessing: inferred.preprocessing,
    backend: compiled.backend,
    device: compiled.device,
    reasons: inferred.reasons,
  })
}
