import { type Architecture, inputLength, isWeighted, type LayerId, MobileNetV2Error } from '@mobilenetv2/spec'
import { checkTfjsBackend, requireTfjsBackend } from '../tfjs-backend.js'
import type { Variation } from './augment.js'
import { checkSlots, type TrainingCheckpoint } from './checkpoint.js'
import { checkDataset, checkPicture, type Dataset } from './dataset.js'
import { type Budget, createEntries, type ReadEntry } from './entries.js'
import { createFrozenLayers } from './frozen.js'
import { checkFinite, checkLearned } from './not-finite.js'
import { createOptimizer } from './optimizer.js'
import { checkTrainOptions, type TrainOptions } from './options.js'
import { findGradients, type TrainedLayers } from './passes.js'
import { hashed, permutation, uniform } from './random.js'
import { rateOf } from './schedule.js'
import { recomputeStatistics } from './statistics.js'
import { splitLayers } from './trainable.js'
import { checkUnfolded, isNormalized, learnedArrays, type UnfoldedLayerParameters, type UnfoldedParameters } from './unfolded.js'

/** A training that is under way. */
export interface Training {
  /** The first step: 0, or the step of the checkpoint to resume. */
  readonly start: number
  readonly stepsPerEpoch: number
  /** The number of all steps. */
  readonly total: number
  /** The trained layers with their current parameters. */
  readonly trained: TrainedLayers
  /** Does one step, and gives the loss of its batch before the update. */
  step(step: number): Promise<number>
  /** A copy of all parameters. The statistics of BatchNorm are computed from pictures of the dataset. */
  finished(): Promise<UnfoldedParameters>
  /** A copy of what the training needs to go on. */
  checkpoint(step: number): TrainingCheckpoint
  /** The pictures of another dataset as inputs of the trained layers. */
  entriesOf(dataset: Dataset): ReadEntry
  dispose(): void
}

/** A training has a separate stream of random numbers for each purpose. */
const streams = { order: 1, dropout: 2, augment: 3 } as const

/** The factors of dropout for the features of a batch in one step. They are scaled so that the mean stays the same. */
function dropoutMask(length: number, rate: number, seed: number, step: number): Float32Array | null {
  if (rate === 0) return null
  const random = uniform(seed, streams.dropout, step)
  return Float32Array.from({ length }, (_, index) => (random(index) < rate ? 0 : 1 / (1 - rate)))
}

/** What augmentations of a picture may depend on in an epoch. */
function variationOf(seed: number, epoch: number, index: number): Variation {
  const random = uniform(seed, streams.augment, epoch, index)
  let drawn = 0
  return { epoch, random: () => random(drawn++) }
}

/** Refuses BatchNorm over a single position: the biased variance is 0, and the unbiased variance is undefined. */
function checkPositions({ architecture, trainable = 'all', parameters }: TrainOptions, batch: number): void {
  if (batch > 1) return
  const single = splitLayers(architecture, trainable).trained.find((layer) => {
    const own = parameters.get(layer.id)
    return isWeighted(layer) && own !== undefined && isNormalized(own) && layer.output.height * layer.output.width === 1
  })
  if (single === undefined) return
  throw new MobileNetV2Error(
    'OPTION',
    'BatchNorm cannot be trained with batches of one picture if a layer has only one position.',
    {
      where: `option batch; layer ${single.id}`,
      expected: '2 or more',
      got: '1',
      remedy: 'Use larger batches or larger pictures, or train only the classifier.',
    },
  )
}

/** A hash of a dataset's class names, labels and first picture, for recognising it. */
async function fingerprint(architecture: Architecture, { classNames, labels, picture }: Dataset): Promise<number> {
  const first = await picture(0)
  checkPicture(architecture, first, 0)
  const names = JSON.stringify(classNames)
  const bits = new Int32Array(first.pixels.slice().buffer)
  return hashed([hashed(Array.from(names, (_, place) => names.charCodeAt(place))), hashed(labels), hashed(bits)])
}

/** @throws MobileNetV2Error `OPTION` if the checkpoint to resume belongs to a training with other data or options */
function checkResumed(resume: TrainingCheckpoint, own: Pick<TrainingCheckpoint, 'seed' | 'batch' | 'data'>, total: number): void {
  const refuse = (expected: string, got: string): never => {
    throw new MobileNetV2Error('OPTION', 'The checkpoint to resume belongs to another training.', {
      where: 'option resume',
      expected,
      got,
      remedy: 'Resume with the data and the options of the training that was interrupted.',
    })
  }
  if (resume.seed !== own.seed) refuse(`seed ${own.seed}`, `seed ${resume.seed}`)
  if (resume.batch !== own.batch) refuse(`steps of ${own.batch} pictures`, `steps of ${resume.batch} pictures`)
  if (resume.data !== own.data) refuse('a training on this dataset', 'other class names, labels or pictures')
  if (resume.step > total) refuse(`at most ${total} steps`, `${resume.step} steps`)
}

/** Scales class weights so that their mean over all pictures is 1. So the size of a step does not depend on them. */
function withMeanOne(classWeights: readonly number[], labels: readonly number[]): number[] {
  const mean = labels.reduce((sum, label) => sum + classWeights[label]!, 0) / labels.length
  return classWeights.map((weight) => weight / mean)
}

/** A deep copy, because a training changes its arrays. */
function copied(parameters: UnfoldedParameters): UnfoldedParameters {
  return new Map(
    [...parameters].map(([id, layer]) => [
      id,
      Object.fromEntries(Object.entries(layer).map(([name, values]: [string, Float32Array]) => [name, values.slice()])),
    ]),
  ) as unknown as ReadonlyMap<LayerId, UnfoldedLayerParameters>
}

/**
 * Prepares a training on the current backend of TensorFlow.js. The backend computes gradients; the calling thread updates the parameters.
 * @throws MobileNetV2Error as `train`
 */
export async function createTraining(options: TrainOptions): Promise<Training> {
  checkTrainOptions(options)
  const { architecture, dataset, optimizer, trainable = 'all', dropout = 0.2, labelSmoothing = 0, seed = 0, augment = [] } = options
  checkDataset(dataset)
  const size = dataset.labels.length
  const batch = Math.min(options.batch ?? 32, size)
  const { frozen, trained: layers } = splitLayers(architecture, trainable)
  const stepsPerEpoch = Math.floor(size / batch)
  const total = options.epochs * stepsPerEpoch
  const data = await fingerprint(architecture, dataset)
  const own = { step: 0, seed, batch, data, parameters: options.parameters, slots: new Map() }
  const begin: TrainingCheckpoint = options.resume ?? own
  checkUnfolded(architecture, begin.parameters)
  checkPositions({ ...options, parameters: begin.parameters }, batch)
  checkResumed(begin, own, total)
  checkSlots(layers, optimizer, begin)
  const parameters = copied(begin.parameters)
  const { batchNormEpsilon } = architecture
  const classWeights = options.classWeights === undefined ? null : withMeanOne(options.classWeights, dataset.labels)
  const trained: TrainedLayers = { layers, parameters, batchNormEpsilon, labelSmoothing, classWeights }
  const arrays = new Map(layers.filter(isWeighted).flatMap(({ id }) => learnedArrays(id, parameters.get(id)!)))
  const optimize = createOptimizer(optimizer, begin.slots)
  const features = inputLength(architecture.layers.at(-1)!)
  const device = await requireTfjsBackend()
  const budget: Budget = { bytes: options.cacheBytes ?? 2 ** 30 }
  const fixed = frozen.length === 0 ? null : createFrozenLayers(architecture, frozen, layers, parameters)
  const read = createEntries(architecture, dataset, augment, fixed, budget)
  let ordered = -1
  let order: Uint32Array = new Uint32Array()

  return {
    start: begin.step,
    stepsPerEpoch,
    total,
    trained,
    async step(step) {
      checkTfjsBackend(device)
      const [epoch, place] = [Math.floor(step / stepsPerEpoch), step % stepsPerEpoch]
      if (ordered !== epoch) order = permutation(size, uniform(seed, streams.order, epoch))
      ordered = epoch
      const indices = [...order.subarray(place * batch, (place + 1) * batch)]
      const rate = rateOf(optimizer.learningRate, { step, total, epoch })
      const entries = []
      for (const index of indices) {
        entries.push(await read(index, augment.length === 0 ? undefined : variationOf(seed, epoch, index)))
      }
      const labels = indices.map((index) => dataset.labels[index]!)
      const made = { entries, labels, dropout: dropoutMask(batch * features, dropout, seed, step) }
      checkTfjsBackend(device)
      const found = await findGradients(trained, made)
      await checkFinite(found, step + 1, trained, made)
      for (const [name, gradient] of found.gradients) optimize.update(name, arrays.get(name)!, gradient, rate, step + 1)
      checkLearned(arrays, step + 1)
      return found.loss
    },
    async finished() {
      checkTfjsBackend(device)
      return recomputeStatistics({ ...trained, parameters: copied(parameters) }, read, size, batch)
    },
    checkpoint: (step) => ({
      step,
      seed,
      batch,
      data,
      parameters: copied(parameters),
      slots: new Map([...optimize.slots].map(([name, values]) => [name, values.slice()])),
    }),
    entriesOf: (other) => createEntries(architecture, other, [], fixed, budget),
    dispose: () => fixed?.dispose(),
  }
}
