import type { MemoryUse } from '@mobilenetv2/spec'
import { type Answer, compile, type Explanation, type Milliseconds, type Network } from 'mobilenetv2'
import { type BackendChoice, type BackendId, listBackends, openChosen } from './backends.js'
import { askAbout, type EnginePicture, opened, replaceModel, stateOf } from './current.js'
import type { Job } from './protocol.js'
import { rarely } from './rarely.js'
import { readSource, type Source } from './source.js'

/** Answers, and what they took. */
export interface Classified {
  readonly answers: readonly Answer[]
  readonly times: Milliseconds
}

/** How far the opening of a model is; `total` is null if the server does not state the length. */
export type Opening =
  | { readonly kind: 'downloading'; readonly loaded: number; readonly total: number | null }
  | { readonly kind: 'compiling' }

/** A model that is ready; its weights stay in the engine. */
export interface Opened {
  readonly network: Omit<Network, 'parameters' | 'integers' | 'batchNorms'>
  readonly device: string
  readonly memory: MemoryUse
}

/** What every part can ask of the engine. A part's own operations are in its `engine.ts`. */
export const operations = {
  backends: (): Promise<readonly BackendChoice[]> => listBackends(),

  /** Replaces the loaded model by another. If that fails or is cancelled, the loaded model stays. */
  async open(source: Source, id: BackendId, { report, signal }: Job<Opening>): Promise<Opened> {
    const downloading = rarely(report)
    const network = await readSource(source, {
      onProgress: ({ loaded, total }) => downloading.say({ kind: 'downloading', loaded, total }),
      signal,
    }).finally(downloading.end)
    report({ kind: 'compiling' })
    const model = await compile(network, { backend: await openChosen(id) })
    try {
      await model.warmup()
      signal.throwIfAborted()
    } catch (error) {
      model.dispose()
      throw error
    }
    replaceModel(model)
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

  /** Where on the picture the evidence for a class is; for the best answer if `index` is null. */
  explain: (picture: EnginePicture, index: number | null): Promise<Explanation> =>
    askAbout(picture, (model) => model.explain(picture, index === null ? {} : { class: index })),

  embed: (picture: EnginePicture): Promise<Float32Array> => askAbout(picture, (model) => model.embed(picture)),
}
