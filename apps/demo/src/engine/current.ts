import type { Model } from 'mobilenetv2'
import type { Frame } from './frame.js'
import type { Opened } from './operations.js'

/** A picture on its way to the engine: a file, or a frame, which is closed there. */
export type EnginePicture = Blob | Frame

let current: Model | null = null

/** The loaded model. */
export function opened(): Model {
  if (current === null) throw new Error('No model is loaded yet. Choose one, or drop the file of a model on the page.')
  return current
}

export function replaceModel(model: Model): void {
  current?.dispose()
  current = model
}

/** What the page knows of a model. */
export function stateOf(model: Model): Opened {
  const { parameters: _, integers: _integers, batchNorms: _batchNorms, ...network } = model.network
  return { network, device: model.device, memory: model.memory() }
}

/** Asks about a picture; a frame is closed after that. */
export async function askAbout<Result>(picture: EnginePicture, ask: (model: Model) => Promise<Result>): Promise<Result> {
  try {
    return await ask(opened())
  } finally {
    if (!(picture instanceof Blob)) picture.close()
  }
}
