import type { Architecture, BatchNorms, DefinitionOptions, IntegerParameters, Parameters, Preprocessing } from '@mobilenetv2/spec'
import type { CheckpointFormat, PlainValue } from './checkpoint.js'
import type { NamingName } from './namings/naming.js'

/**
 * How the last layer of a network is read. `softmax`: a picture has one class of several, and the probabilities sum to 1. `sigmoid`: each
 * class has a probability of its own, as in multi-label networks. `logits`: nothing states which of the two it is; a single logit is then
 * read as `sigmoid`, and several are read as `softmax`.
 */
export type OutputKind = 'softmax' | 'sigmoid' | 'logits'

/** What the logits of a network stand for. */
export interface Classes {
  /** The names of the classes in the order of the logits, without the background class; empty if nothing names them. */
  readonly labels: readonly string[]
  /** The index, among the logits, of the background class, which means "none of the others"; null if there is none. */
  readonly background: number | null
  /** How the last layer is read. */
  readonly output: OutputKind
  /** Why it is read in this way. */
  readonly outputReason: string
}

/** Where a network was read from. */
export interface NetworkSource {
  /** The path, the address or the name of the file; `(bytes)` if it has none. */
  readonly file: string
  /** The format of the file. */
  readonly format: CheckpointFormat
  /** How its tensors were matched with layers. */
  readonly naming: NamingName
}

/**
 * A MobileNetV2 with its weights and all that is known about it, ready to be compiled. It is plain data, which can be sent to a worker.
 */
export interface Network {
  /** The options that `defineMobileNet` expands into `architecture`. */
  readonly options: DefinitionOptions
  /** The layers. */
  readonly architecture: Architecture
  /** The kernels and biases of the layers as float32, with BatchNorm folded into them. */
  readonly parameters: Parameters
  /**
   * The BatchNorms that were folded into `parameters` when the file was read; training unfolds them. A layer is missing if the file itself
   * was written with BatchNorm folded, as TensorFlow Lite files and most ONNX files are. Such a layer trains its kernel and bias.
   */
  readonly batchNorms: BatchNorms
  /** The integers of a quantised file, if backends can run them; else null. `parameters` are the real numbers that they stand for. */
  readonly integers: IntegerParameters | null
  /** How a picture becomes the network's input. */
  readonly preprocessing: Preprocessing
  /** What the logits stand for. */
  readonly classes: Classes
  /** Where the network was read from. */
  readonly source: NetworkSource
  /**
   * A report about the training of the head, such as its accuracy and the number of pictures. It is the JSON that stands in the file, and
   * is not checked. Missing if the file has none.
   */
  readonly report?: PlainValue | undefined
  /** What was decided about the network and why, in one sentence each. */
  readonly reasons: readonly string[]
}

/** The parts of a network that a backend runs. */
export type RunnableNetwork = Pick<Network, 'architecture' | 'parameters'>
