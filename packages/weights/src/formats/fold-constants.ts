import { type StoredTensor, valueCount } from '../checkpoint.js'
import { vectorValues } from '../values.js'

/** Most values of a constant that is computed. Vectors of channels are computed, but not kernels. */
export const mostFolded = 65_536

/** The operations of a graph on its own constants, value by value. */
const operations: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ['add', (a, b) => a + b],
  ['sub', (a, b) => a - b],
  ['mul', (a, b) => a * b],
  ['div', (a, b) => a / b],
  ['maximum', Math.max],
  ['minimum', Math.min],
  ['pow', (a, b) => a ** b],
  ['sqrt', (a) => Math.sqrt(a)],
  ['rsqrt', (a) => 1 / Math.sqrt(a)],
  ['reciprocal', (a) => 1 / a],
  ['neg', (a) => -a],
])

/**
 * Computes a constant that a graph makes from other constants. A BatchNorm that is written as single operations has such constants.
 * @param operation the operator's name in lower case
 * @returns null if the operation is not one of `operations`, or the inputs are not floats, too long or of different lengths
 */
export function foldConstants(operation: string, output: string, inputs: readonly StoredTensor[]): StoredTensor | null {
  const calculate = operations.get(operation)
  const longest = inputs.reduce((most, tensor) => (valueCount(tensor.shape) > valueCount(most.shape) ? tensor : most), inputs[0]!)
  const count = valueCount(longest.shape)
  const counts = inputs.map(({ shape }) => valueCount(shape))
  const isFloat = inputs.every(({ dtype, quantization }) => dtype.includes('float') || quantization !== null)
  if (calculate === undefined || inputs.length > 2 || count > mostFolded || !isFloat) return null
  if (counts.some((length) => length !== count && length !== 1)) return null
  const [left, right] = inputs.map((tensor, index) => vectorValues({ ...tensor, shape: [counts[index]!] }, counts[index]!))
  const at = (values: Float64Array | undefined, index: number): number => values?.[values.length === 1 ? 0 : index] ?? Number.NaN
  const values = Float64Array.from({ length: count }, (_, index) => calculate(at(left, index), at(right, index)))
  return { name: output, shape: longest.shape, dtype: 'float64', bytes: new Uint8Array(values.buffer), quantization: null }
}
