import type { LayerId, LayerTime } from '@mobilenetv2/spec'
import { readsAsSoftmax } from '@mobilenetv2/weights'
import type { Answer, LayerActivation } from 'mobilenetv2'
import { askAbout, type EnginePicture, opened } from '../../engine/current.js'
import { type Channel, channelsOf } from './channels.js'
import { deadChannels } from './dead-channels.js'
import { type Glimpse, glimpseOf } from './glimpse.js'

/** The output of a layer, and what there is to say of its channels. */
export interface Maps extends LayerActivation {
  /** The strongest first. */
  readonly sorted: readonly Channel[]
  /** The numbers of the channels that are 0 for every picture. */
  readonly dead: readonly number[]
}

/** What the classifier gives for a picture. */
export interface ClassValues {
  /** All classes, the most probable first. */
  readonly answers: readonly Answer[]
  /** The value of each class before softmax or sigmoid, by its index. */
  readonly logits: readonly number[]
  /** Whether the probabilities add up to 1 by softmax; else a sigmoid gives each. */
  readonly bySoftmax: boolean
}

/** What this part asks of the engine. */
export const operations = {
  /** One round of times. */
  profile: (): Promise<readonly LayerTime[]> => opened().profile(),

  async maps(picture: EnginePicture, layer: LayerId): Promise<Maps> {
    const activation = await askAbout(picture, (model) => model.activation(picture, layer))
    const { architecture, parameters } = opened().network
    return { ...activation, sorted: channelsOf(activation), dead: deadChannels(architecture, parameters, layer) }
  },

  async glimpse(picture: EnginePicture, layer: LayerId): Promise<Glimpse> {
    const activation = await askAbout(picture, (model) => model.activation(picture, layer))
    return glimpseOf(activation, channelsOf(activation))
  },

  async classValues(picture: EnginePicture): Promise<ClassValues> {
    const { classes, architecture } = opened().network
    const { answers, logits } = await askAbout(picture, (model) =>
      model.classify(picture, { detailed: true, top: Math.max(2, architecture.classes) }),
    )
    const bySoftmax = readsAsSoftmax(classes.output, logits.length)
    const [single] = logits
    // A single output with two labels is the value of the second class.
    if (logits.length === 1 && answers.length === 2) return { answers, logits: [-single!, single!], bySoftmax }
    return { answers, logits: [...logits].filter((_, index) => index !== classes.background), bySoftmax }
  },
}
