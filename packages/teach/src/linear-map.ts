import type { Pause } from '@mobilenetv2/runtime'
import type { Layer } from './layer.js'
import { multiply, multiplyTransposed, type Rows } from './rows.js'
import { addTo, dot } from './vectors.js'

/** A point of a minimisation: `[classes, width + 1]`, the weight of the constant last. */
export type Point = Float64Array

/** From points to logits of some pictures, and back: rows about their mean, and one number more that is the same for all. */
export interface LinearMap {
  /** @returns `[pictures, classes]` */
  forward(point: Point): Promise<Float64Array>
  /** The transposed map. */
  backward(values: Float64Array): Promise<Point>
  /** What the point does, as a layer on the rows. */
  layer(point: Point): Layer
}

/** The bias is the weight of one more number that each row has: this one. A smaller number makes a bias dearer. */
export const constant = 0.3

/** @param weights what each picture counts for in the mean */
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
