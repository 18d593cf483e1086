import { type FunctionRef, type Local, load, loopWhile, op, type Statement, store } from '../assembler/code.js'
import type { NewLocal } from '../assembler/module.js'
import { floatBytes, lanes, type PointwiseShape } from '../planner/kernel.js'
import { channelTile, pixelTile, weightBytes } from '../planner/sizes.js'
import { advance, type Emitter, layerResult, multiplyAdd, plus, repeat } from './emitter.js'

const vectorBytes = lanes * floatBytes

interface Pointers {
  readonly input: Local<'i32'>
  readonly weights: Local<'i32'>
  readonly output: Local<'i32'>
  readonly residual: Local<'i32'>
}

/**
 * Sums of `pixels` pixels with one channel tile, in registers. It advances `weights` to the next tile and leaves the other
 * pointers. The loop over the inputs is not unrolled, and its reads of pixels have one constant offset a pixel: V8 gives every
 * such offset a register of its own.
 */
function tile(emitter: Emitter, local: NewLocal, shape: PointwiseShape, pixels: number, pointers: Pointers): Statement[] {
  const { input, weights, output, residual } = pointers
  const vectors = channelTile(shape) / lanes
  const inputBytes = shape.inputStride * floatBytes
  const outputBytes = shape.outputs * floatBytes
  const pixelIndexes = [...Array(pixels).keys()]
  const vectorIndexes = [...Array(vectors).keys()]
  const sums = pixelIndexes.map(() => vectorIndexes.map(() => local('v128')))
  const kernel = vectorIndexes.map(() => local('v128'))
  const value = local('v128')
  const depth = shape.inputs * floatBytes
  const step = vectors * vectorBytes

  const bias = vectorIndexes.flatMap((v) => [
    kernel[v]!.set(load('v128.load', weights.get, v * vectorBytes)),
    ...sums.map((ofPixel) => ofPixel[v]!.set(kernel[v]!.get)),
  ])
  const product = [
    ...(pixels === 1 ? [] : vectorIndexes.map((v) => kernel[v]!.set(load('v128.load', weights.get, v * vectorBytes)))),
    ...sums.flatMap((ofPixel, pixel) => [
      value.set(load('v128.load32_splat', input.get, pixel * inputBytes)),
      ...ofPixel.map((sum, v) =>
        sum.set(
          multiplyAdd(emitter, value.get, pixels === 1 ? load('v128.load', weights.get, v * vectorBytes) : kernel[v]!.get, sum.get),
        ),
      ),
    ]),
    advance(weights, step),
    advance(input, floatBytes),
  ]
  const results = sums.flatMap((ofPixel, pixel) =>
    ofPixel.map((sum, v) => {
      const offset = pixel * outputBytes + v * vectorBytes
      return store('v128.store', output.get, layerResult(shape, sum.get, residual, offset), offset)
    }),
  )
  return [
    ...bias,
    advance(weights, step),
    ...repeat(local, shape.inputs, input, floatBytes, product),
    advance(input, -depth),
    ...results,
  ]
}

/** `pixels` as whole tiles, then the rest. */
function pixelTiles(pixels: number): { pixels: number; count: number }[] {
  const whole = { pixels: pixelTile, count: Math.floor(pixels / pixelTile) }
  const rest = { pixels: pixels % pixelTile, count: 1 }
  return [whole, rest].filter((run) => run.pixels > 0 && run.count > 0)
}

/** (input, weights, output, residual): all output channels of `pixels` pixels, a pixel tile after the other. */
export function pointwiseRow(emitter: Emitter, shape: PointwiseShape): FunctionRef {
  return emitter.once('pointwiseRow', shape, 4, (local, input, weights, output, residual) => {
    const pointers = { input: input!, weights: local('i32'), output: output!, residual: residual! }
    const end = local('i32')
    const outputBytes = shape.outputs * floatBytes
    const tileBytes = channelTile(shape) * floatBytes
    const advanceOutput = (bytes: number): Statement[] => [
      advance(pointers.output, bytes),
      ...(shape.addsResidual ? [advance(pointers.residual, bytes)] : []),
    ]
    return [
      end.set(plus(weights!.get, weightBytes(shape))),
      ...pixelTiles(shape.pixels).flatMap(({ pixels, count }) =>
        repeat(local, count, pointers.output, pixels * outputBytes, [
          pointers.weights.set(weights!.get),
          loopWhile(
            [...tile(emitter, local, shape, pixels, pointers), ...advanceOutput(tileBytes)],
            op('i32.ne', pointers.weights.get, end.get),
          ),
          advance(pointers.input, pixels * shape.inputStride * floatBytes),
          ...advanceOutput((pixels - 1) * outputBytes),
        ]),
      ),
    ]
  })
}

/** (input, weights, output, residual): one channel tile of `pixels` pixels; the tile's weights stay in the first-level cache. */
export function pointwiseTile(emitter: Emitter, shape: PointwiseShape): FunctionRef {
  return emitter.once('pointwiseTile', shape, 4, (local, input, weights, output, residual) => {
    const pointers = { input: input!, weights: local('i32'), output: output!, residual: residual! }
    const outputBytes = shape.outputs * floatBytes
    return pixelTiles(shape.pixels).flatMap(({ pixels, count }) =>
      repeat(local, count, pointers.output, pixels * outputBytes, [
        pointers.weights.set(weights!.get),
        ...tile(emitter, local, shape, pixels, pointers),
        advance(pointers.input, pixels * shape.inputStride * floatBytes),
        advance(pointers.output, pixels * outputBytes),
        ...(shape.addsResidual ? [advance(pointers.residual, pixels * outputBytes)] : []),
      ]),
    )
  })
}
