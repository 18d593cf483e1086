/** Whether values with these strides follow each other, with the last axis fastest. */
export function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return false
    step *= shape[axis]!
  }
  return true
}

/** The strides of values that follow each other, with the first axis fastest. */
export function columnMajorStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(0, axis).reduce((product, extent) => product * extent, 1))
}

/** The strides of values that follow each other, with the last axis fastest. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, extent) => product * extent, 1))
}

/** Copies values of `size` bytes with these strides (in values) into row-major order. All of them must be in `source`. */
export function toRowMajor(source: Uint8Array, shape: readonly number[], strides: readonly number[], size: number): Uint8Array {
  const count = shape.reduce((product, extent) => product * extent, 1)
  const ordered = new Uint8Array(count * size)
  const index = new Array<number>(shape.length).fill(0)
  let from = 0
  for (let at = 0; at < ordered.length; at += size) {
    for (let byte = 0; byte < size; byte++) ordered[at + byte] = source[from * size + byte]!
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]! += 1
      from += strides[axis]!
      if (index[axis]! < shape[axis]!) break
      from -= strides[axis]! * shape[axis]!
      index[axis] = 0
    }
  }
  return ordered
}
