import {
  advance,
  type Code,
  type FunctionRef,
  load,
  loopWhile,
  type NewLocal,
  op,
  plus,
  type Statement,
  store,
} from '@mobilenetv2/assembler'
import { layerResult, multiplyAdd, splat } from '../../codegen/arithmetic.js'
import type { Emitter } from '../../codegen/emitter.js'
import { repeat } from '../../codegen/loops.js'
import { blockBytes, channelBlock, floatBytes, lanes, vectorBytes } from '../../memory-contract.js'
import type { KernelParameters } from '../kernel-type.js'
import { type ProductShape, productWeights } from './product.js'

const blockVectors = channelBlock / lanes

type Pointers = Pick<KernelParameters, 'input' | 'weights' | 'output' | 'residual'>

/**
 * Sums of `pixels` pixels with 8 channels, in registers; results stand `pixelBytes` apart. It advances `weights` to the next
 * block and leaves the other pointers.
 * The loop over the inputs is not unrolled, and its reads of pixels have one constant offset a pixel: V8 gives every such offset
 * a register of its own. A single pixel alone would wait for each of its sums before it can add to it again; it has two of each,
 * for inputs in turn.
 */
function tile(
  emitter: Emitter,
  local: NewLocal,
  shape: ProductShape,
  pixels: number,
  pixelBytes: number,
  { input, weights, output, residual }: Pointers,
): Statement[] {
  const inputBytes = shape.inputStride * floatBytes
  const turns = pixels === 1 && shape.inputs > 1 ? 2 : 1
  const vectors = [...Array(blockVectors).keys()].map((index) => ({ offset: index * vectorBytes, value: local('v128') }))
  const sums = [...Array(turns).keys()].map(() => [...Array(pixels).keys()].map(() => vectors.map(() => local('v128'))))
  const splatted = local('v128')
  const loadWeights = (turn: number): Statement[] =>
    vectors.map(({ value, offset }) => value.set(load('v128.load', weights.get, turn * blockBytes + offset)))
  const products = (count: number): Statement[] => [
    ...sums
      .slice(0, count)
      .flatMap((ofTurn, turn) => [
        ...loadWeights(turn),
        ...ofTurn.flatMap((ofPixel, pixel) => [
          splatted.set(load('v128.load32_splat', input.get, pixel * inputBytes + turn * floatBytes)),
          ...ofPixel.map((sum, v) => sum.set(multiplyAdd(emitter, splatted.get, vectors[v]!.value.get, sum.get))),
        ]),
      ]),
    advance(weights, count * blockBytes),
    advance(input, count * floatBytes),
  ]
  const [first, second] = sums
  const total = (pixel: number, v: number): Code<'v128'> => {
    const sum = first![pixel]![v]!.get
    return second === undefined ? sum : op('f32x4.add', sum, second[pixel]![v]!.get)
  }
  const results = first!.flatMap((ofPixel, pixel) =>
    ofPixel.map((_, v) => {
      const offset = pixel * pixelBytes + vectors[v]!.offset
      return store('v128.store', output.get, layerResult(shape, total(pixel, v), residual, offset), offset)
    }),
  )
  const rounds = Math.floor(shape.inputs / turns)
  return [
    ...loadWeights(0),
    ...first!.flatMap((ofPixel) => ofPixel.map((sum, v) => sum.set(vectors[v]!.value.get))),
    ...(second ?? []).flatMap((ofPixel) => ofPixel.map((sum) => sum.set(splat(0)))),
    advance(weights, blockBytes),
    ...repeat(local, rounds, input, turns * floatBytes, products(turns)),
    ...(shape.inputs > rounds * turns ? products(1) : []),
    advance(input, -shape.inputs * floatBytes),
    ...results,
  ]
}

/**
 * Pixels of a tile. 6 x 8 sums, two vectors of weights and one of a pixel are V8's 15 vector registers, and 12 sums to add to in turn
 * keep a processor busy that has two adders of 4 cycles; 8 just would. A product that is rounded needs a register of its own, with
 * which more than 4 x 8 sums spill.
 */
function tileOf({ relaxed }: Emitter): number {
  return relaxed ? 6 : 4
}

/**
 * `pixels` as tiles. What is left over from whole tiles goes first: while the weights come from far down the caches, as they do
 * once for each block of a small map, one pixel waits for them no longer than a whole tile, and a processor looks further ahead.
 */
function pixelTiles(emitter: Emitter, pixels: number): { pixels: number; count: number }[] {
  const most = tileOf(emitter)
  const rest = { pixels: pixels % most, count: 1 }
  const whole = { pixels: most, count: Math.floor(pixels / most) }
  return [rest, whole].filter((run) => run.pixels > 0 && run.count > 0)
}

function advanceOutput({ addsResidual }: ProductShape, { output, residual }: Pointers, bytes: number): Statement[] {
  return [advance(output, bytes), ...(addsResidual ? [advance(residual, bytes)] : [])]
}

/** (input, weights, output, residual): all output channels of `pixels` pixels, a pixel tile after the other. */
export function pointwiseRow(emitter: Emitter, shape: ProductShape): FunctionRef {
  return emitter.once('pointwiseRow', shape, 4, (local, input, weights, output, residual) => {
    const pointers = { input, weights: local('i32'), output, residual }
    const end = local('i32')
    const pixelBytes = shape.outputs * floatBytes
    return [
      end.set(plus(weights.get, productWeights(shape).bytes)),
      ...pixelTiles(emitter, shape.pixels).flatMap(({ pixels, count }) =>
        repeat(local, count, pointers.output, pixels * pixelBytes, [
          pointers.weights.set(weights.get),
          loopWhile(
            [...tile(emitter, local, shape, pixels, pixelBytes, pointers), ...advanceOutput(shape, pointers, blockBytes)],
            op('i32.ne', pointers.weights.get, end.get),
          ),
          advance(pointers.input, pixels * shape.inputStride * floatBytes),
          ...advanceOutput(shape, pointers, (pixels - 1) * pixelBytes),
        ]),
      ),
    ]
  })
}

/**
 * (input, weights, output, residual): 8 channels of all pixels, which stand `pixelBytes` apart in the output; the weights stay in
 * the first-level cache.
 */
export function pointwiseBlock(emitter: Emitter, shape: ProductShape, pixelBytes: number): FunctionRef {
  return emitter.once('pointwiseBlock', { shape, pixelBytes }, 4, (local, input, weights, output, residual) => {
    const pointers = { input, weights: local('i32'), output, residual }
    return pixelTiles(emitter, shape.pixels).flatMap(({ pixels, count }) =>
      repeat(local, count, pointers.output, pixels * pixelBytes, [
        pointers.weights.set(weights.get),
        ...tile(emitter, local, shape, pixels, pixelBytes, pointers),
        advance(pointers.input, pixels * shape.inputStride * floatBytes),
        ...advanceOutput(shape, pointers, pixels * pixelBytes),
      ]),
    )
  })
}
