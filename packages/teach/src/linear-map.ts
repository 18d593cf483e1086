import type { Pause } from '@mobilenetv2/runtime'
import type { Layer } from './layer.js'
import { multiply, multiplyTransposed, type Rows } from './rows.js'
import { addTo, dot } from './vectors.js'

/** The weights that are fitted: `[classes, width + 1]`. The last one of a class is the weight of the constant. */
export type Point = Float64Array

/** The map from weights to the logits of some pictures. The mean of their rows is subtracted from each row, and a constant is appended. */
export interface LinearMap {
  /** The logits, `[pictures, classes]`. */
  forward(point: Point): Promise<Float64Array>
  /** The transposed map, from derivatives by logits to derivatives by weights. */
  backward(values: Float64Array): Promise<Point>
  /** The layer that gives the same logits for the rows as they are. */
  layer(point: Point): Layer
}

/** A constant that is appended to every row. Its weight becomes the bias. With a smaller number the penalty holds biases closer to 0. */
export const constant = 0.3

/**
 * Makes the map for some pictures.
 * @param weights `[pictures]`: the weight of each picture in the mean of the rows
 */
export async function createLinearMap(
  rows: Rows,
  pictures: Uint32Array,
  weights: Float64Array,
  classes: number,
  pause: Pause,
): Promise<LinearMap> {
  const { width } = rows
  const mean = new Float64Array(width)
  await multiplyTransposed(rows, pictures, weights, [mean], pause)
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  for (let at = 0; at < width; at++) mean[at]! /= all
  const layer = (point: Point): Layer => {
    const kernel = Array.from({ length: classes }, (_, own) => point.subarray(own * (width + 1), own * (width + 1) + width))
    return { kernel, bias: Float64Array.from(kernel, (row, own) => constant * point[own * (width + 1) + width]! - dot(row, mean)) }
  }
  return {
    layer,
    async forward(point) {
      const { kernel, bias } = layer(point)
      const logits = await multiply(rows, pictures, kernel, pause)
      for (let at = 0; at < logits.length; at++) logits[at]! += bias[at % classes]!
      return logits
    },
    async backward(values) {
      const point = new Float64Array(classes * (width + 1))
      const { kernel } = layer(point)
      await multiplyTransposed(rows, pictures, values, kernel, pause)
      const totals = new Float64Array(classes)
      for (let at = 0; at < values.length; at++) totals[at % classes]! += values[at]!
      kernel.forEach((row, own) => {
        addTo(row, mean, -totals[own]!)
        point[own * (width + 1) + width] = constant * totals[own]!
      })
      return point
    },
  }
}
