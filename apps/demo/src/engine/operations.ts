import { decode, openDrawable, type Picture } from '@mobilenetv2/image'
import type { Backend, LayerId, LayerTime, MemoryUse } from '@mobilenetv2/spec'
import type { Head, HeadProgress } from '@mobilenetv2/tfjs'
import { type Answer, load, type Model, type ModelInfo } from 'mobilenetv2'
import { type BackendChoice, type BackendId, listBackends, openBackend } from './backends.js'
import { answerWith, type Learned, type Lesson, saveHead, trainOn } from './head.js'
import { type RacerId, race } from './race.js'
import { labelsOf, type Source, toLoad } from './source.js'
import { createSwitchable, type SwitchableBackend } from './switchable.js'

/** A frame of a video. */
export type Frame = ImageBitmap | VideoFrame

/** A picture on its way to the engine: a file, or a frame, which is closed there. */
export type EnginePicture = Blob | Frame

/** Milliseconds of one classification. */
export interface Times {
  readonly decode: number
  readonly preprocess: number
  readonly network: number
}

/** Answers, and what they took. */
export interface Classified {
  readonly answers: readonly Answer[]
  readonly times: Times
}

/** How far a model is that is being opened; `total` is null where the server does not say it. */
export type Opening =
  | { readonly kind: 'downloading'; readonly loaded: number; readonly total: number | null }
  | { readonly kind: 'compiling' }

/** A model that is ready. */
export interface Opened {
  readonly info: ModelInfo
  readonly device: string
  readonly memory: MemoryUse
}

interface Current {
  readonly source: Source
  readonly model: Model
  readonly switchable: SwitchableBackend
}

let current: Current | null = null
let head: Head | null = null

function opened(): Current {
  if (current === null) throw new Error('No model is loaded yet. Choose one, or drop a checkpoint on the page.')
  return current
}

function stateOf({ model, switchable }: Current): Opened {
  return { info: model.info, device: switchable.device(), memory: model.memory() }
}

async function open(input: EnginePicture): Promise<Picture> {
  if (input instanceof Blob) {
    const name = input instanceof File ? { file: input.name } : {}
    return decode(new Uint8Array(await input.arrayBuffer()), name)
  }
  try {
    const rows = await openDrawable(input)
    return rows.read(0, rows.height)
  } finally {
    input.close()
  }
}

/** Decodes, then asks; the times of both. */
async function timed<Result>(
  input: EnginePicture,
  ask: (model: Model, picture: Picture) => Promise<Result>,
): Promise<{ result: Result; times: Times }> {
  const { model, switchable } = opened()
  const start = performance.now()
  const picture = await open(input)
  const decoded = performance.now()
  const result = await ask(model, picture)
  const network = switchable.lastRun()
  return {
    result,
    times: { decode: decoded - start, preprocess: Math.max(0, performance.now() - decoded - network), network },
  }
}

/** What the page can ask of its engine. The last argument of each reports progress; pictures and arrays are handed over, not copied. */
export const operations = {
  backends: (): Promise<readonly BackendChoice[]> => listBackends(),

  /** Loads a model in the place of the one before, which stays where that fails. */
  async open(source: Source, id: BackendId, report: (progress: Opening) => void): Promise<Opened> {
    const labels = await labelsOf(source)
    const switchable = createSwitchable(await openBackend(id))
    const backend: Backend = {
      ...switchable.backend,
      compile(architecture, parameters) {
        report({ kind: 'compiling' })
        return switchable.backend.compile(architecture, parameters)
      },
    }
    const onProgress = ({ loaded, total }: { loaded: number; total: number | null }): void =>
      report({ kind: 'downloading', loaded, total })
    const model = await load(toLoad(source), { backend, onProgress, ...(labels && { labels }) })
    await model.warmup()
    current?.model.dispose()
    head = null
    current = { source, model, switchable }
    return stateOf(current)
  },

  /** Compiles the model for another backend. */
  async use(id: BackendId): Promise<Opened> {
    const { model, switchable } = opened()
    const before = switchable.current()
    switchable.change(await openBackend(id))
    try {
      await model.warmup()
    } catch (error) {
      switchable.change(before)
      throw error
    }
    return stateOf(opened())
  },

  async classify(picture: EnginePicture): Promise<Classified> {
    const { result, times } = await timed(picture, (model, decoded) => model.classify(decoded))
    return { answers: result, times }
  },

  profile: (): Promise<readonly LayerTime[]> => opened().model.profile(),

  async features(picture: EnginePicture, layer: LayerId): Promise<Awaited<ReturnType<Model['features']>>> {
    return opened().model.features(await open(picture), layer)
  },

  async explain(picture: EnginePicture): Promise<{ readonly answer: Answer; readonly overlay: Picture }> {
    const { answer, overlay } = await opened().model.explain(await open(picture))
    return { answer, overlay }
  },

  async embed(picture: EnginePicture): Promise<Float32Array> {
    return opened().model.embed(await open(picture))
  },

  async train(lesson: Lesson, report: (progress: HeadProgress) => void): Promise<Learned> {
    const result = await trainOn(lesson, report)
    head = result.head
    return result.learned
  },

  async classifyWithHead(picture: EnginePicture): Promise<Classified> {
    const trained = head
    if (trained === null) throw new Error('No head is trained yet.')
    const { result, times } = await timed(picture, (model, decoded) => model.embed(decoded))
    return { answers: answerWith(trained, result), times }
  },

  async saveHead(): Promise<Uint8Array<ArrayBuffer>> {
    if (head === null) throw new Error('No head is trained yet.')
    const { source, switchable } = opened()
    return saveHead(source, switchable.whole().parameters, head)
  },

  /** Times the loaded network on one racer: each run is reported in milliseconds. */
  race(id: RacerId, runs: number, report: (milliseconds: number) => void): Promise<{ readonly device: string }> {
    const { architecture, parameters } = opened().switchable.whole()
    return race(id, architecture, parameters, runs, report)
  },
}

export type Operations = typeof operations
