import type { Beside } from './beside/beside.js'
import type { Graph } from './graph/graph.js'
import type { StoredIntegers, UnusableIntegers } from './stored-integers.js'

/** The type of the values of a stored tensor. All are little-endian. */
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

/** The real numbers that stored integers stand for: scale x (stored - zero point). */
export interface Quantization {
  /** One for the whole tensor, or one for each index of `axis`. */
  readonly scales: readonly number[]
  /** As many as `scales`, or one for all of them. They may have fractions: TensorFlow.js stores a minimum in their place. */
  readonly zeroPoints: readonly number[]
  /** The axis of the channels. It has no meaning if there is one scale. */
  readonly axis: number
}

/** A tensor as its file stores it. */
export interface StoredTensor {
  /** The tensor's name in the file. */
  readonly name: string
  /** The extents of its axes. */
  readonly shape: readonly number[]
  /** The type of its values. */
  readonly dtype: TensorType
  /** The values in row-major order; a view of the file if possible. */
  readonly bytes: Uint8Array
  /** What its integers stand for; null for a tensor that is not quantised. */
  readonly quantization: Quantization | null
}

/** A value that JSON can hold. */
export type PlainValue = null | boolean | number | string | readonly PlainValue[] | { readonly [name: string]: PlainValue }

/** The file formats that `readCheckpoint` reads. */
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

/** The content of a model's file. It is not interpreted yet: tensors have the names, types and layouts of the file. */
export interface Checkpoint {
  /** The format of the file. */
  readonly format: CheckpointFormat
  /** The name of the file in errors. */
  readonly file: string
  /** The tensors by name. */
  readonly tensors: ReadonlyMap<string, StoredTensor>
  /** The file's graph of operators; null if the format stores tensors only. */
  readonly graph: Graph | null
  /** The integers of a quantised file, or why they cannot be run as they are. Missing for a file of floats. */
  readonly integers?: StoredIntegers | UnusableIntegers | undefined
  /** All else that the file states, by name: `labels`, `class_to_idx`, `keras_version`. It is not interpreted yet. */
  readonly metadata: Readonly<Record<string, PlainValue>>
  /** The files beside this one; missing if they cannot be read. */
  readonly beside?: Beside | undefined
  /**
   * Bytes of the file and of the files beside it that were read. They limit the memory and the time that reading the network may take.
   * Unless given, the bytes of the tensors count.
   */
  readonly size?: number | undefined
}

/** What the reader of a format finds in a file. `readCheckpoint` adds the name of the file, and what is beside it. */
export type CheckpointContent = Omit<Checkpoint, 'file' | 'beside' | 'size'>

/** The entry of a file's metadata in which this project writes a description of the network as JSON. */
export const descriptionKey = 'mobilenetv2'

/** Most axes of a tensor. A kernel has 4, and no tensor of a model has more than 5. */
export const mostAxes = 8

/** Whether numbers can be the extents of a tensor: they are integers of 0 or more, and not too many. */
export function isShape(extents: readonly number[]): boolean {
  return extents.length <= mostAxes && extents.every((extent) => Number.isSafeInteger(extent) && extent >= 0)
}

/** Number of values of a tensor of this shape. */
export function valueCount(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1)
}
