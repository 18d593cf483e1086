import type { Beside } from './beside/beside.js'
import type { Graph } from './graph/graph.js'
import type { StoredIntegers, UnusableIntegers } from './stored-integers.js'

/** How a tensor's values are stored; little-endian. */
export type TensorType =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint16'
  | 'uint8'
  | 'bool'

/** Bytes of one value. */
export const bytesPerValue: Readonly<Record<TensorType, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint16: 2,
  uint8: 1,
  bool: 1,
}

/**
 * What stored integers stand for: real = scale x (stored - zero point). One scale and zero point for the whole tensor, or one for
 * each index of `axis`. A zero point need not be whole (TensorFlow.js stores a minimum instead).
 */
export interface Quantization {
  readonly scales: readonly number[]
  readonly zeroPoints: readonly number[]
  readonly axis: number
}

/** A tensor as its file stores it. */
export interface StoredTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: TensorType
  /** Row-major values; a view of the file if that is possible. */
  readonly bytes: Uint8Array
  readonly quantization: Quantization | null
}

/** What a file says beside its tensors: texts, numbers, and lists and objects of them, as JSON holds them. */
export type PlainValue = null | boolean | number | string | readonly PlainValue[] | { readonly [name: string]: PlainValue }

/** The file formats that `readCheckpoint` knows. */
export type CheckpointFormat =
  | 'pytorch'
  | 'torchscript'
  | 'pickle'
  | 'safetensors'
  | 'onnx'
  | 'npz'
  | 'tflite'
  | 'tfjs-graph-model'
  | 'tfjs-layers-model'
  | 'tensorflow-saved-model'
  | 'tensorflow-checkpoint'
  | 'tensorflow-graph'
  | 'hdf5'
  | 'keras'

/** A file of parameters, read but not yet understood: no dequantising, no folding, no naming has been done. */
export interface Checkpoint {
  readonly format: CheckpointFormat
  /** The name that the reader of an error will know the file by. */
  readonly file: string
  readonly tensors: ReadonlyMap<string, StoredTensor>
  /** The operators; null if the format stores only tensors. */
  readonly graph: Graph | null
  /** The integers of a quantised file, or why they cannot be run as stored; left out for a file of floats. */
  readonly integers?: StoredIntegers | UnusableIntegers | undefined
  /** What else the file says, by name: `labels`, `class_to_idx`, `keras_version`. What it means is found later, for all formats alike. */
  readonly metadata: Readonly<Record<string, PlainValue>>
  /** What lies beside the file; left out if that cannot be read. */
  readonly beside?: Beside | undefined
  /** Bytes of the file, and of those beside it that were read; what reading the network may take depends on it. Those of the tensors, unless given. */
  readonly size?: number | undefined
}

/** What a reader finds in a file; `readCheckpoint` adds the file's name and what lies beside it. */
export type CheckpointContent = Omit<Checkpoint, 'file' | 'beside' | 'size'>

/** The entry of a file's metadata in which this project describes the network, as JSON. */
export const descriptionKey = 'mobilenetv2'

/** A kernel has 4 axes; no tensor of a model has more than 5. */
export const mostAxes = 8

/** Whether numbers that a file states are extents of a tensor: whole, 0 or more, and few. */
export function isShape(extents: readonly number[]): boolean {
  return extents.length <= mostAxes && extents.every((extent) => Number.isSafeInteger(extent) && extent >= 0)
}

/** Values of a tensor of `shape`. */
export function valueCount(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1)
}
