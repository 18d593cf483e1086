export type { Colour, Drawable, Frame, Picture, SharpPicture } from '@mobilenetv2/image'
export {
  type Architecture,
  type Availability,
  type Backend,
  type ErrorCode,
  type ErrorDetails,
  type LayerId,
  type LayerTime,
  type MemoryUse,
  MobileNetV2Error,
  type MobileNetV2Options,
  type Parameters,
  type Preprocessing,
} from '@mobilenetv2/spec'
export type { ByteSource, Classes, Network, NetworkSource, OutputKind, Overrides } from '@mobilenetv2/weights'
export type { DownloadOptions, ZooId } from '@mobilenetv2/zoo'
export type { LayerActivation } from './activations.js'
export { type Answer, softmax, topAnswers } from './answers.js'
export {
  type BackendName,
  type BackendOptions,
  backendNames,
  type CompileOptions,
  type EmittedModules,
  findBackends,
  openBackend,
} from './backends.js'
export type { ClassifyOptions, EmbedOptions, ExplainOptions, PictureOptions, SignalOptions } from './call-options.js'
export type { FoundBackend } from './choose-fastest.js'
export type { CalibrationBin } from './evaluate/calibration.js'
export type { ConfusionCounts } from './evaluate/confusion.js'
export type { Calibration, ClassEvaluation, Evaluation, FittedTemperature } from './evaluate/evaluation.js'
export type { Mistake } from './evaluate/mistakes.js'
export type { EvaluateOptions, EvaluateProgress } from './evaluate/options.js'
export type { Explanation } from './explain.js'
export { type FramesOptions, framesOf } from './frames.js'
export type { LabelledPictures } from './labelled-pictures.js'
export { type LoadOptions, load } from './load.js'
export {
  type BatchOutcome,
  type Classification,
  compile,
  type Embedding,
  type Milliseconds,
  type Model,
  type RunInfo,
} from './model.js'
export type { PictureFile } from './picture-file.js'
export type { PictureSource } from './picture-source.js'
export type { FloatPicture, PictureTensor, RawPicture } from './pixels.js'
export { type QuantizeOptions, type QuantizeProgress, quantize } from './quantize.js'
export { type FileSources, type ModelSource, type ReadNetworkOptions, readNetwork } from './read-network.js'
export { cosineSimilarity } from './similarity.js'
export type { SkippedPicture } from './skipped-pictures.js'
export type { TeachOptions, TeachProgress } from './teach/options.js'
export type { FineTuning, TeachReport } from './teach/report.js'
export type { Taught } from './teach/teach.js'
export type { FrameAnswers } from './webcam.js'
