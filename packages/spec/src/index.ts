export type { ActivationMemory, ActivationStep } from './activation-memory.js'
export { activationMemory } from './activation-memory.js'
export type {
  Activation,
  Architecture,
  ConvolutionLayer,
  DenseLayer,
  DepthwiseLayer,
  GlobalAveragePoolLayer,
  Layer,
  LayerId,
  Padding,
  PaddingConvention,
  PointwiseLayer,
  Shape,
  WeightedLayer,
} from './architecture.js'
export { isWeighted } from './architecture.js'
export type { Availability, Backend, CompiledModel, LayerTime, MemoryUse, OutputName, RunOptions } from './backend.js'
export { makeDivisible } from './channels.js'
export { checkOptionNames, choiceOption, integerOption, positiveOption, refuseOption } from './check-options.js'
export { parameterCount, totalMultiplyAdds, totalParameters } from './costs.js'
export { defineMobileNetV1 } from './define-mobilenet-v1.js'
export { defineMobileNetV2, mobileNetV2Table } from './define-mobilenet-v2.js'
export type { ErrorCode, ErrorDetails } from './errors.js'
export { errorCodes, MobileNetV2Error } from './errors.js'
export { float16Bits } from './float16.js'
export type { BottleneckRow, CommonOptions, HeadLayer, MobileNetV2Options, ResidualPlacement } from './options.js'
export { outputLayerId } from './output-layer.js'
export type { LayerParameters, Parameters } from './parameters.js'
export { checkParameters, kernelLength, parametersOf } from './parameters.js'
export type { Geometry, Interpolation, Preprocessing } from './preprocessing.js'
export type { SummaryOptions } from './summarize.js'
export { summarize } from './summarize.js'
export { truncateAt } from './truncate.js'
