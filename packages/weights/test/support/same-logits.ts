import { type Architecture, defineMobileNet } from '@mobilenetv2/spec'
import { runReference, seededInput, softmax } from '@mobilenetv2/testing'
import type { Network } from '../../src/index.js'
import { UndefinedGraph, type Values } from './array-operations.js'

/** The largest difference, as a part of the largest output: both sides add the same numbers in different orders. */
const tolerance = 1e-4

/** The size to compare at. A large one would take long; 32 x 32 is padded like any other multiple of 32. */
function sizeOf({ input: { height, width } }: Architecture): { height: number; width: number } {
  return height > 64 || width > 64 ? { height: 32, width: 32 } : { height, width }
}

/**
 * Throws if a network's logits differ from the result of its file's graph.
 * @param run computes the graph for pictures `[1, height, width, 3]`
 */
export function expectSameLogits({ options, parameters, classes, ...network }: Network, run: (input: Values) => Values): void {
  const { height, width } = sizeOf(network.architecture)
  const architecture = defineMobileNet({ ...options, height, width })
  const input = seededInput(architecture)
  const { logits } = runReference(architecture, parameters, input)
  let stated: Values
  try {
    stated = run({ shape: [1, height, width, 3], values: Float64Array.from(input) })
  } catch (error) {
    if (!(error instanceof UndefinedGraph)) throw error
    throw new Error(`The graph is not valid, but it is read: ${error.message}`)
  }
  // A graph that ends in its map is read as one that gives features, which are pooled.
  if (network.architecture.classes === 0 && stated.values.length > logits.length) return
  const scale = Math.max(...stated.values.map(Math.abs), 1e-3)
  const near = (values: ArrayLike<number>): boolean =>
    values.length === stated.values.length &&
    stated.values.every((value, index) => Math.abs(value - values[index]!) <= tolerance * scale || Object.is(value, values[index]))
  const sigmoid = logits.map((logit) => 1 / (1 + Math.exp(-logit)))
  if (near(logits) || (classes.output === 'sigmoid' && near(sigmoid)) || (classes.output === 'softmax' && near(softmax(logits))))
    return
  throw new Error(`The graph computes [${[...stated.values]}], and the network that is read of it [${[...logits]}].`)
}
