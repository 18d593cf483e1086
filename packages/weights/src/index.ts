export type { Checkpoint, CheckpointFormat, Quantization, StoredTensor, TensorType } from './checkpoint.js'
export type { CheckpointErrorDetails } from './checkpoint-error.js'
export { CheckpointError } from './checkpoint-error.js'
export { classesFit } from './classes-fit.js'
export type { ArchitectureOverrides, Labels, Overrides, PreprocessingOverrides } from './facts/caller-facts.js'
export type { UsualLabels } from './facts/classes.js'
export { type Conventions, type Fact, type Facts, factsFrom, type InputSize } from './facts/facts.js'
export type { BatchNormNames, Graph, GraphOperator, PoolOperator, WeightedOperator } from './graph/graph.js'
export type { NamingName } from './namings/naming.js'
export type { Classes, Network, NetworkSource, OutputKind, RunnableNetwork } from './network.js'
export type { WritableNetwork } from './out/describe-network.js'
export type { ToOnnxOptions } from './out/onnx.js'
export { toOnnx } from './out/onnx.js'
export type { SafetensorsNetwork, SafetensorsType, ToSafetensorsOptions } from './out/safetensors.js'
export { toSafetensors } from './out/safetensors.js'
export type { TfjsShard } from './out/tfjs/shards.js'
export type { TfjsGraphModel, TfjsModelJson, ToTfjsOptions } from './out/tfjs.js'
export { toTfjs } from './out/tfjs.js'
export type { TfliteType } from './out/tflite.js'
export { toTflite } from './out/tflite.js'
export type { IntegerNetwork } from './out/tflite-int8.js'
export {
  type CalibrationNetwork,
  checkQuantizable,
  type QuantizedNumbers,
  quantizeNetwork,
  type RunOnPictures,
} from './quantize/quantize-network.js'
export { type KnownFile, parseCheckpoint, type ReadCheckpointOptions, type ReadSibling, readCheckpoint } from './read-checkpoint.js'
export { readLabels } from './read-labels.js'
export { type ReadNetworkOptions, readNetwork, type ToNetworkOptions, toNetwork } from './read-network.js'
export {
  type ByteSource,
  isBlob,
  isByteSource,
  longestModel,
  longestPicture,
  type ReadProgress,
  type ReadSourceOptions,
  readSource,
  type SourceLimits,
} from './read-source.js'
export { readsAsSoftmax } from './reads-as-softmax.js'
export { classifierOf, type Head, withHead } from './with-head.js'
