import type { FeatureSet, TrainedHead } from '@mobilenetv2/teach'
import { askAbout, type EnginePicture, opened } from '../../engine/current.js'
import type { Classified } from '../../engine/operations.js'
import { answerWith, type Learned, saveHead, trainOn } from './head.js'

let head: { readonly trained: TrainedHead; readonly backbone: object } | null = null

/** The head that was trained on the loaded network: one of another backbone is of no use. */
function trainedHead(): TrainedHead {
  if (head === null || head.backbone !== opened().network) throw new Error('No head is trained yet.')
  return head.trained
}

/** What this part asks of the engine. */
export const operations = {
  async train(lesson: FeatureSet): Promise<Learned> {
    const { network } = opened()
    const result = await trainOn(network, lesson)
    head = { trained: result.head, backbone: network }
    return result.learned
  },

  async classify(picture: EnginePicture): Promise<Classified> {
    const trained = trainedHead()
    const { features, milliseconds } = await askAbout(picture, (model) => model.embed(picture, { detailed: true }))
    return { answers: answerWith(trained, features), times: milliseconds }
  },

  save: async (): Promise<Uint8Array<ArrayBuffer>> => saveHead(opened().network, trainedHead()),
}
