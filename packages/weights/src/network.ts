import type { Architecture, BatchNorms, DefinitionOptions, IntegerParameters, Parameters, Preprocessing } from '@mobilenetv2/spec'
import type { CheckpointFormat, PlainValue } from './checkpoint.js'
import type { NamingName } from './namings/naming.js'

/**
 * How a network's last layer is read. `softmax`: one class of several, the probabilities sum to 1. `sigmoid`: each class by itself,
 * as in multi-label networks. `logits`: nothing says which of the two, so a single output is read as `sigmoid`, several as `softmax`.
 */
export type OutputKind = 'softmax' | 'sigmoid' | 'logits'

/** What the logits of a network stand for. */
export interface Classes {
  /** Names by class index, without a background class; empty if nothing names the classes. */
  readonly labels: readonly string[]
  /** The index, among the logits, of the class for "none of the others"; null if there is none. */
  readonly background: number | null
  readonly output: OutputKind
  /** Why `output` is so. */
  readonly outputReason: string
}

/** Where a network was read from. */
export interface NetworkSource {
  /** The path, the address or the name of the file; `(bytes)` if it has none. */
  readonly file: string
  readonly format: CheckpointFormat
  /** Whose names the tensors have; `structural` if the file's graph told, not the names. */
  readonly naming: NamingName
}

/**
 * A MobileNetV2 that is ready to be compiled: its layers, its weights, and everything that is known about it. Plain data: it can be
 * sent to a worker.
 */
export interface Network {
  /** What `defineMobileNet` expands into `architecture`. */
  readonly options: DefinitionOptions
  readonly architecture: Architecture
  readonly parameters: Parameters
  /**
   * The BatchNorms that the file keeps beside its kernels, which `parameters` hold folded. A layer is missing if its file was written
   * with BatchNorm folded, as TensorFlow Lite files and most ONNX files are. Such a layer trains as kernel and bias: the statistics of batches
   * would change what it answers, as nothing says which statistics were folded in.
   */
  readonly batchNorms: BatchNorms
  /** What a quantised file stores in place of `parameters`, if an engine can run it so; `parameters` are what it stands for. */
  readonly integers: IntegerParameters | null
  /** From a picture to the network's input. */
  readonly preprocessing: Preprocessing
  readonly classes: Classes
  readonly source: NetworkSource
  /**
   * What the training of the head gave, such as accuracy and number of pictures, as whoever trained it wrote it down. It is plain JSON,
   * which a stranger may have written. Left out if nothing says so.
   */
  readonly report?: PlainValue | undefined
  /** What was decided about the network and why, one sentence each. */
  readonly reasons: readonly string[]
}

/** The parts of a network that run: all that a backend takes. */
export type RunnableNetwork = Pick<Network, 'architecture' | 'parameters'>
