export { abortable, onAbort } from './abort.js'
export type { ActivationMemory, ActivationStep } from './activation-memory.js'
export { activationMemory } from './activation-memory.js'
export {
  type Activation,
  activations,
  type HeadActivation,
  headActivationOption,
  headActivations,
  isActivation,
  isHeadActivation,
  leakyReluSlope,
} from './activations.js'
export type {
  Architecture,
  ConvolutionLayer,
  DenseLayer,
  DepthwiseLayer,
  GlobalAveragePoolLayer,
  GlobalMaxPoolLayer,
  Layer,
  LayerId,
  Padding,
  PaddingConvention,
  PointwiseLayer,
  Shape,
  WeightedLayer,
} from './architecture.js'
export { inputLength, isWeighted, paddingConventions } from './architecture.js'
export type { Availability, Backend, CompiledModel, LayerTime, MemoryUse, OutputName, RunOptions } from './backend.js'
export { type Bytes, brandOf, copyBytes, isBytes } from './brand.js'
export { areWithin, checkIntegers } from './check-integers.js'
export {
  checkOptionNames,
  choiceOption,
  integerOption,
  positiveOption,
  refuseOption,
  signalOption,
  typeOption,
} from './check-options.js'
export { foldedParameterCount, parameterCount, totalMultiplyAdds, totalParameters } from './costs.js'
export { type DefinitionOptions, defineMobileNet } from './define-mobilenet.js'
export { defineMobileNetV1 } from './define-mobilenet-v1.js'
export { defineMobileNetV2, mobileNetV2Table } from './define-mobilenet-v2.js'
export type { ErrorCode, ErrorDetails } from './errors.js'
export { errorCodes, MobileNetV2Error, shortened } from './errors.js'
export { float16Bits } from './float16.js'
export type { Global } from './global.js'
export type {
  IntegerActivation,
  IntegerAddition,
  IntegerInput,
  IntegerLayer,
  IntegerParameters,
  IntegerPool,
  IntegerWeights,
} from './integer-parameters.js'
export { makeDivisible } from './make-divisible.js'
export { messageOf } from './message-of.js'
export type { BottleneckRow, HeadLayer, MobileNetV1Options, MobileNetV2Options, PoolKind, ResidualPlacement } from './options.js'
export { blockActivations, bottleneckActivations, poolKinds, residualPlacements } from './options.js'
export { outputLayerId } from './output-layer.js'
export type { BatchNorm, BatchNorms, LayerParameters, Parameters } from './parameters.js'
export { checkParameters, kernelLength, parametersOf } from './parameters.js'
export type { Box, PictureRoute, Size } from './picture-route.js'
export type { Geometry, Interpolation, Preprocessing } from './preprocessing.js'
export { geometryKinds, geometryRoundings, interpolations } from './preprocessing.js'
export { roundToEven } from './round-to-even.js'
export { isSamePadding } from './same-padding.js'
export type { SummarizeOptions } from './summarize.js'
export { summarize } from './summarize.js'
export { truncateAt } from './truncate.js'
export type { UnsharedBytes, UnsharedFloats } from './unshared.js'
