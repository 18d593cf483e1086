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
} from '@mobilenetv2/assembler'
import { splat } from '../../codegen/arithmetic.js'
import type { Emitter } from '../../codegen/emitter.js'
import { repeat } from '../../codegen/loops.js'
import { blockBytes, channelBlock, floatBytes, lanes, vectorBytes } from '../../memory-contract.js'
import type { KernelParameters } from '../kernel-type.js'
import { inputsAtOnce, outputPixelBytes, type ProductShape, productWeightBytes, tileBytes } from './product.js'

const blockVectors = channelBlock / lanes

type Pointers = Pick<KernelParameters, 'input' | 'weights' | 'output' | 'residual'>

/**
 * Computes the sums of `pixels` pixels for the channels of a tile in registers, and stores the results of pixels `pixelBytes` apart. It
 * advances `weights` to the next tile, and leaves the other pointers as they are.
 *
 * The loop over the inputs is not unrolled, and reads each pixel at one constant offset, because V8 keeps every such offset in a register.
 * With one pixel, the processor would wait for each sum before it can add to it again. So if additions of these numbers have a long
 * latency, such a layer has two accumulators for each sum, for alternating inputs. All other layers add the products of each pixel
 * in the order of the inputs, so that no bit of a result depends on the tile.
 */
function tile(
  emitter: Emitter,
  local: NewLocal,
  shape: ProductShape,
  pixels: number,
  pixelBytes: number,
  { input, weights, output, residual }: Pointers,
): Statement[] {
  const { numbers } = emitter
  const { head, waits, multiplyAdd } = numbers.product
  const inputBytes = shape.inputStride * shape.inputBytes
  const times = shape.inputs / inputsAtOnce(shape.inputBytes)
  const turns = waits && shape.isSingle && times > 1 ? 2 : 1
  const inBlocks = (vector: number): number =>
    Math.floor(vector / blockVectors) * shape.blockWeightBytes + (vector % blockVectors) * vectorBytes
  const vectors = [...Array(shape.tileBlocks * blockVectors).keys()].map((index) => ({
    weights: inBlocks(index),
    value: local('v128'),
  }))
  const sums = [...Array(turns).keys()].map(() => [...Array(pixels).keys()].map(() => vectors.map(() => local('v128'))))
  const splatted = local('v128')
  const loadWeights = (from: number): Statement[] =>
    vectors.map(({ value, weights: offset }) => value.set(load('v128.load', weights.get, from + offset)))
  const products = (count: number): Statement[] => [
    ...sums
      .slice(0, count)
      .flatMap((ofTurn, turn) => [
        ...loadWeights(turn * blockBytes),
        ...ofTurn.flatMap((ofPixel, pixel) => [
          splatted.set(load('v128.load32_splat', input.get, pixel * inputBytes + turn * floatBytes)),
          ...ofPixel.map((sum, v) => sum.set(multiplyAdd(emitter, shape, splatted.get, vectors[v]!.value.get, sum.get))),
        ]),
      ]),
    advance(weights, count * blockBytes),
    advance(input, count * floatBytes),
  ]
  const [first, second] = sums
  const base = numbers.hasPlaces ? local('i32') : weights
  const { set, store } = numbers.finishing(local, shape, {
    base,
    vectors: vectors.length,
    bias: null,
    multipliers: (vector) => head.multipliers + inBlocks(vector),
  })
  const rounds = Math.floor(times / turns)
  const total = (pixel: number, v: number): Code<'v128'> => {
    const sum = first![pixel]![v]!.get
    return second === undefined ? sum : op('f32x4.add', sum, second[pixel]![v]!.get)
  }
  return [
    ...(numbers.hasPlaces ? [base.set(weights.get)] : []),
    ...loadWeights(head.bias),
    ...first!.flatMap((ofPixel) => ofPixel.map((sum, v) => sum.set(vectors[v]!.value.get))),
    ...(second ?? []).flatMap((ofPixel) => ofPixel.map((sum) => sum.set(splat(0)))),
    advance(weights, head.bytes),
    ...repeat(local, rounds, input, turns * floatBytes, products(turns)),
    ...(times > rounds * turns ? products(1) : []),
    advance(input, -times * floatBytes),
    ...(shape.tileBlocks === 1 ? [] : [advance(weights, (shape.tileBlocks - 1) * shape.blockWeightBytes)]),
    ...(second === undefined ? [] : first!.flatMap((ofPixel, pixel) => ofPixel.map((sum, v) => sum.set(total(pixel, v))))),
    ...set,
    ...store(
      first!.map((ofPixel, pixel) => ({ vectors: ofPixel, offset: pixel * pixelBytes })),
      output,
      residual,
    ),
  ]
}

/**
 * Cuts the pixels into tiles of sizes as equal as possible, because a tile of few pixels waits for its sums. Smaller tiles come
 * first: the first tile of a block reads its weights from slower caches, and waits for them anyway.
 */
function pixelTiles({ pixels, tilePixels }: ProductShape): { pixels: number; count: number }[] {
  const tiles = Math.ceil(pixels / tilePixels)
  const least = Math.floor(pixels / tiles)
  const larger = pixels - tiles * least
  return [
    { pixels: least, count: tiles - larger },
    { pixels: least + 1, count: larger },
  ].filter(({ count }) => count > 0)
}

function advanceOutput({ addsResidual }: ProductShape, { output, residual }: Pointers, bytes: number): Statement[] {
  return [advance(output, bytes), ...(addsResidual ? [advance(residual, bytes)] : [])]
}

/** (input, weights, output, residual): computes all output channels of `pixels` pixels, one tile of pixels after the other. */
export function pointwiseRow(emitter: Emitter, shape: ProductShape): FunctionRef {
  return emitter.once('pointwiseRow', shape, 4, (local, input, weights, output, residual) => {
    const pointers = { input, weights: local('i32'), output, residual }
    const end = local('i32')
    const pixelBytes = outputPixelBytes(shape)
    return [
      end.set(plus(weights.get, productWeightBytes(shape))),
      ...pixelTiles(shape).flatMap(({ pixels, count }) =>
        repeat(local, count, pointers.output, pixels * pixelBytes, [
          pointers.weights.set(weights.get),
          loopWhile(
            [...tile(emitter, local, shape, pixels, pixelBytes, pointers), ...advanceOutput(shape, pointers, tileBytes(shape))],
            op('i32.ne', pointers.weights.get, end.get),
          ),
          advance(pointers.input, pixels * shape.inputStride * shape.inputBytes),
          ...advanceOutput(shape, pointers, (pixels - 1) * pixelBytes),
        ]),
      ),
    ]
  })
}

/**
 * (input, weights, output, residual): computes the channels of one tile for all pixels, which are `pixelBytes` apart in the output. The
 * weights stay in the first-level cache.
 */
export function pointwiseBlock(emitter: Emitter, shape: ProductShape, pixelBytes: number): FunctionRef {
  return emitter.once('pointwiseBlock', { shape, pixelBytes }, 4, (local, input, weights, output, residual) => {
    const pointers = { input, weights: local('i32'), output, residual }
    return pixelTiles(shape).flatMap(({ pixels, count }) =>
      repeat(local, count, pointers.output, pixels * pixelBytes, [
        pointers.weights.set(weights.get),
        ...tile(emitter, local, shape, pixels, pixelBytes, pointers),
        advance(pointers.input, pixels * shape.inputStride * shape.inputBytes),
        ...advanceOutput(shape, pointers, pixels * pixelBytes),
      ]),
    )
  })
}
