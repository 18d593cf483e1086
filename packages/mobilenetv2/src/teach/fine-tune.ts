import { preprocessRows } from '@mobilenetv2/image'
import { isWeighted } from '@mobilenetv2/spec'
import type { Dataset } from '@mobilenetv2/tfjs'
import type { Network } from '@mobilenetv2/weights'
import { decodingOf, openPicture } from '../picture-source.js'
import type { Examples } from './examples.js'
import type { TeachOptions } from './options.js'
import type { FineTuning } from './report.js'
import { importTraining } from './training-packages.js'

/** The sentence for the network's `reasons`. */
function describe(from: string, keptEpoch: number): string {
  if (keptEpoch === 0) return `fine-tuning from ${from} on did not lower the validation loss: only the head is new`
  return `fine-tuned from ${from} on, in ${keptEpoch} ${keptEpoch === 1 ? 'pass' : 'passes'} over the pictures`
}

/** Labelled pictures, each prepared for the network when it is needed. */
function datasetOf({ features: { classNames, labels }, pictures }: Examples, network: Network, options: TeachOptions): Dataset {
  const { preprocessing, architecture } = network
  const { input } = architecture
  const { signal } = options
  const decoding = decodingOf(options, network)
  return {
    classNames,
    labels,
    async picture(index) {
      const { rows } = await openPicture(pictures[index]!.picture, signal, decoding)
      return { height: input.height, width: input.width, pixels: await preprocessRows(rows, preprocessing, input, { signal }) }
    },
  }
}

/**
 * Fine-tunes a network whose head is already trained.
 * @param held the pictures for validation after each epoch; null if there are none
 * @param classWeights the weight of a picture in the loss, for each class; 1 unless given
 * @throws MobileNetV2Error `BACKEND` if TensorFlow.js is not installed; `OPTION` if the network has no such layer; as `fineTune` of
 * @mobilenetv2/tfjs
 */
export async function fineTuneNetwork(
  network: Network,
  training: Examples,
  held: Examples | null,
  classWeights: readonly number[] | undefined,
  options: TeachOptions,
): Promise<{ readonly network: Network; readonly fineTuning: FineTuning }> {
  const { fineTune: wanted, epochs, augment, seed, signal, onProgress } = options
  const { fineTune, randomFlip } = await importTraining()
  const { architecture } = network
  const weighted = architecture.layers.filter(isWeighted)
  const trainable = typeof wanted === 'number' ? { last: Math.min(wanted, weighted.length) } : { from: wanted! }
  const tuned = await fineTune(network, datasetOf(training, network, options), {
    trainable,
    validation: held === null ? 0 : datasetOf(held, network, options),
    classWeights,
    epochs,
    seed,
    signal,
    ...(augment === 'flip' && { augment: [randomFlip] }),
    onProgress: ({ done, total }) => onProgress?.({ stage: 'fine-tuning', done, total }),
  })
  const { parameters, batchNorms, history, keptEpoch } = tuned
  const from = 'from' in trainable ? trainable.from : weighted.at(-trainable.last)!.id
  return {
    network: {
      ...network,
      parameters,
      batchNorms,
      reasons: [...network.reasons, describe(from, keptEpoch)],
    },
    fineTuning: { from, history, keptEpoch },
  }
}
