export type { TfjsModel } from './compiled-model.js'
export { type TfjsBackend, type TfjsOptions, tfjs } from './tfjs.js'
export { type Augment, randomCrop, randomFlip, type Variation } from './training/augment.js'
export { decodeTrainingCheckpoint, encodeTrainingCheckpoint, type TrainingCheckpoint } from './training/checkpoint.js'
export { type Dataset, datasetOf, type Example, type TrainingPicture } from './training/dataset.js'
export { type EpochReport, type FineTuned, type FineTuneOptions, fineTune, type PretrainedNetwork } from './training/fine-tune.js'
export type { TensorName } from './training/network.js'
export type { AdamOptions, OptimizerOptions, SgdOptions, Slot, SlotName } from './training/optimizer.js'
export type { TrainingProgress, TrainOptions } from './training/options.js'
export { cosine, type Moment, type Schedule } from './training/schedule.js'
export { type TrainingResult, train } from './training/train.js'
export type { Trainable } from './training/trainable.js'
export {
  foldParameters,
  initialParameters,
  type UnfoldedLayerParameters,
  type UnfoldedParameters,
  unfoldParameters,
} from './training/unfolded.js'
export type { Validation } from './training/validation.js'
