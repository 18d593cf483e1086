import type { LayerId, LayerTime, MemoryUse } from '@mobilenetv2/spec'
import type { FeatureSet, TrainedHead } from '@mobilenetv2/teach'
import {
  type Answer,
  compile,
  type Explanation,
  type LayerActivation,
  type Milliseconds,
  type Model,
  type Network,
} from 'mobilenetv2'
import { type BackendChoice, type BackendId, listBackends, openChosen } from './backends.js'
import { answerWith, type Learned, saveHead, trainOn } from './head.js'
import { type RacerId, race } from './race.js'
import { readSource, type Source } from './source.js'

/** A frame of a video. */
export type Frame = ImageBitmap | VideoFrame

/** A picture on its way to the engine: a file, or a frame, which is closed there. */
export type EnginePicture = Blob | Frame

/** Answers, and what they took. */
export interface Classified {
  readonly answers: readonly Answer[]
  readonly times: Milliseconds
}

/** How far a model is that is being opened; `total` is null where the server does not say it. */
export type Opening =
  | { readonly kind: 'downloading'; readonly loaded: number; readonly total: number | null }
  | { readonly kind: 'compiling' }

/** A model that is ready; its weights stay in the engine. */
export interface Opened {
  readonly network: Omit<Network, 'parameters'>
  readonly device: string
  readonly memory: MemoryUse
}

let current: Model | null = null
let head: TrainedHead | null = null

function opened(): Model {
  if (current === null) throw new Error('No model is loaded yet. Choose one, or drop a checkpoint on the page.')
  return current
}

function stateOf(model: Model): Opened {
  const { parameters: _, ...network } = model.network
  return { network, device: model.device, memory: model.memory() }
}

/** Asks about a picture; a frame is closed after that. */
async function askAbout<Result>(picture: EnginePicture, ask: (model: Model) => Promise<Result>): Promise<Result> {
  try {
    return await ask(opened())
  } finally {
    if (!(picture instanceof Blob)) picture.close()
  }
}

/** What the page can ask of its engine. The last argument of each reports progress; pictures and arrays are handed over, not copied. */
export const operations = {
  backends: (): Promise<readonly BackendChoice[]> => listBackends(),

  /** Loads a model in the place of the one before, which stays if that fails. */
  async open(source: Source, id: BackendId, report: (progress: Opening) => void): Promise<Opened> {
    const network = await readSource(source, ({ loaded, total }) => report({ kind: 'downloading', loaded, total }))
    report({ kind: 'compiling' })
    const model = await compile(network, { backend: await openChosen(id) })
    await model.warmup().catch((error: unknown) => {
      model.dispose()
      throw error
    })
    current?.dispose()
    head = null
    current = model
    return stateOf(model)
  },

  /** Compiles the model for another backend. */
  async use(id: BackendId): Promise<Opened> {
    const model = opened()
    await model.use(await openChosen(id))
    return stateOf(model)
  },

  async classify(picture: EnginePicture): Promise<Classified> {
    const { answers, milliseconds } = await askAbout(picture, (model) => model.classify(picture, { detailed: true }))
    return { answers, times: milliseconds }
  },

  profile: (): Promise<readonly LayerTime[]> => opened().profile(),

  activation: (picture: EnginePicture, layer: LayerId): Promise<LayerActivation> =>
    askAbout(picture, (model) => model.activation(picture, layer)),

  async explain(picture: EnginePicture): Promise<{ readonly answer: Answer; readonly overlay: Explanation['overlay'] }> {
    const { answer, overlay } = await askAbout(picture, (model) => model.explain(picture))
    return { answer, overlay }
  },

  embed: (picture: EnginePicture): Promise<Float32Array> => askAbout(picture, (model) => model.embed(picture)),

  async train(lesson: FeatureSet): Promise<Learned> {
    const result = await trainOn(opened().network, lesson)
    head = result.head
    return result.learned
  },

  async classifyWithHead(picture: EnginePicture): Promise<Classified> {
    const trained = head
    if (trained === null) throw new Error('No head is trained yet.')
    const { features, milliseconds } = await askAbout(picture, (model) => model.embed(picture, { detailed: true }))
    return { answers: answerWith(trained, features), times: milliseconds }
  },

  async saveHead(): Promise<Uint8Array<ArrayBuffer>> {
    if (head === null) throw new Error('No head is trained yet.')
    return saveHead(opened().network, head)
  },

  /** Times the loaded network on one racer: each run is reported in milliseconds. */
  race: (id: RacerId, runs: number, report: (milliseconds: number) => void): Promise<{ readonly device: string }> =>
    race(id, opened().network, runs, report),
}

export type Operations = typeof operations
