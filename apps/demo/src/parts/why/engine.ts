import { totalMultiplyAdds, totalParameters } from '@mobilenetv2/spec'
import { type Answer, compile, type LayerActivation } from 'mobilenetv2'
import { type BackendId, openChosen } from '../../engine/backends.js'
import { askAbout, type EnginePicture, opened } from '../../engine/current.js'
import type { Job } from '../../engine/protocol.js'
import { readSource, type Source } from '../../engine/source.js'
import { quantile } from '../../spread.js'
import { channelsOf } from '../inside/channels.js'
import { type Cut, cutOf, lostOf, pointwiseSums, relu6 } from './narrow-and-wide.js'

/** The values of one end of a block, and what a ReLU6 does to them. */
export interface End extends Cut {
  readonly channels: number
  /** How much no linear layer could restore after a ReLU6, from 0 to 1. */
  readonly lost: number
}

/** One channel of the wide middle, `[height, width]`. */
export interface BeforeAndAfter {
  readonly index: number
  readonly before: Float32Array
  readonly after: Float32Array
}

/** What ReLU6 does, and what it would do, in one block of the loaded network. */
export interface NarrowAndWide {
  /** What comes into the block: linear, so that no ReLU6 has cut it. */
  readonly narrow: End
  /** After the expansion, before its ReLU6. */
  readonly wide: End
  readonly height: number
  readonly width: number
  readonly maps: readonly BeforeAndAfter[]
}

/** Channels whose maps are shown. */
const shown = 6

function channelOf({ values, channels }: LayerActivation, index: number): Float32Array {
  return Float32Array.from({ length: values.length / channels }, (_, place) => values[place * channels + index]!)
}

/** One network on one picture, beside the loaded one. */
export interface Run {
  readonly answers: readonly Answer[]
  /** The labels of all classes. */
  readonly labels: readonly string[]
  /** Milliseconds of the network: the median of several runs. */
  readonly milliseconds: number
  readonly parameters: number
  readonly multiplyAdds: number
  readonly input: number
}

const runs = 7

/** What this part asks of the engine. */
export const operations = {
  /** What ReLU6 does at the wide middle of a block, and would do at its narrow end. */
  async narrowAndWide(picture: EnginePicture, block: number): Promise<NarrowAndWide> {
    const { architecture, parameters } = opened().network
    const expand = architecture.layers.findIndex(({ id }) => id === `block${block}.expand`)
    const [before, layer] = [architecture.layers[expand - 1]!, architecture.layers[expand]!]
    const narrow = await askAbout(picture, (model) => model.activation(picture, before.id))
    const wide = pointwiseSums(narrow, parameters.get(layer.id)!)
    const after = relu6(wide)
    return {
      narrow: { ...cutOf(narrow.values), channels: narrow.channels, lost: lostOf(narrow, relu6(narrow)) },
      wide: { ...cutOf(wide.values), channels: wide.channels, lost: lostOf(narrow, after) },
      height: wide.height,
      width: wide.width,
      maps: channelsOf(wide)
        .slice(0, shown)
        .map(({ index }) => ({ index, before: channelOf(wide, index), after: channelOf(after, index) })),
    }
  },

  /** Runs another network on the picture; the loaded one stays. */
  async run(source: Source, id: BackendId, picture: EnginePicture, { signal, report }: Job<number>): Promise<Run> {
    const network = await readSource(source, {
      signal,
      onProgress: ({ loaded, total }) => report(total === null ? 0 : loaded / total),
    })
    const model = await compile(network, { backend: await openChosen(id) })
    try {
      await model.warmup()
      const times: number[] = []
      let answers: readonly Answer[] = []
      for (let run = 0; run < runs; run++) {
        const result = await model.classify(picture, { detailed: true, signal })
        times.push(result.milliseconds.network)
        answers = result.answers
      }
      const { architecture } = network
      return {
        answers,
        labels: network.classes.labels,
        milliseconds: quantile(times, 0.5),
        parameters: totalParameters(architecture),
        multiplyAdds: totalMultiplyAdds(architecture),
        input: architecture.input.height,
      }
    } finally {
      model.dispose()
    }
  },
}
