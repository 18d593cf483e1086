import type { LayerId } from '@mobilenetv2/spec'
import type { ReadEntry } from './entries.js'
import { findStatistics, type Statistics, type TrainedLayers } from './passes.js'
import { permutation, uniform } from './random.js'
import { isNormalized, type UnfoldedParameters } from './unfolded.js'

/** The most pictures for the statistics. Wu and Johnson ("Rethinking 'Batch' in BatchNorm") find no gain beyond a few thousand. */
const mostPictures = 2048

/** The mean and the biased variance of the union of two sets of values. */
function merged(before: Statistics, after: Statistics): Statistics {
  const count = before.count + after.count
  const share = after.count / count
  const mean = before.mean.map((value, channel) => value + (after.mean[channel]! - value) * share)
  const variance = before.variance.map((value, channel) => {
    const apart = after.mean[channel]! - before.mean[channel]!
    return value * (1 - share) + after.variance[channel]! * share + apart * apart * share * (1 - share)
  })
  return { mean, variance, count }
}

/**
 * The parameters, with the statistics of BatchNorm in the trained layers computed from the pictures. Each batch is normalised by
 * its own statistics on the way, so the batches are random and as large as in the training.
 */
export async function recomputeStatistics(
  trained: TrainedLayers,
  read: ReadEntry,
  size: number,
  batch: number,
): Promise<UnfoldedParameters> {
  const { parameters, layers } = trained
  if (!layers.some(({ id }) => parameters.has(id) && isNormalized(parameters.get(id)!))) return parameters
  const found = new Map<LayerId, Statistics>()
  const order = permutation(size, uniform(0))
  for (let end = batch; end <= Math.min(size, Math.max(mostPictures, batch)); end += batch) {
    const entries = []
    for (const index of order.subarray(end - batch, end)) entries.push(await read(index))
    for (const [id, statistics] of await findStatistics(trained, entries)) {
      const before = found.get(id)
      found.set(id, before === undefined ? statistics : merged(before, statistics))
    }
  }
  return new Map(
    [...parameters].map(([id, layer]) => {
      const statistics = found.get(id)
      if (statistics === undefined) return [id, layer]
      const { mean, variance, count } = statistics
      return [id, { ...layer, mean, variance: variance.map((value) => (value * count) / (count - 1)) }]
    }),
  )
}
