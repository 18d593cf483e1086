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
import { finishing, multiplyAdd, splat } from '../../codegen/arithmetic.js'
import type { Emitter } from '../../codegen/emitter.js'
import { repeat } from '../../codegen/loops.js'
import { blockBytes, channelBlock, floatBytes, lanes, vectorBytes } from '../../memory-contract.js'
import type { KernelParameters } from '../kernel-type.js'
import { blockWeightBytes, type ProductShape, productWeights, tileChannels } from './product.js'

const blockVectors = channelBlock / lanes

type Pointers = Pick<KernelParameters, 'input' | 'weights' | 'output' | 'residual'>

/**
 * Sums of `pixels` pixels with the channels of a tile, in registers; results stand `pixelBytes` apart. It advances `weights` to the next
 * tile's and leaves the other pointers.
 * The loop over the inputs is not unrolled, and its reads of pixels have one constant offset a pixel: V8 gives every such offset
 * a register of its own. A layer of one pixel would wait for each of its sums before it can add to it again; it has two of each, for
 * inputs in turn. Every other pixel adds its products in one order, so that no bit depends on the tile that it is in.
 * All residuals are read before the first result is stored, because V8 joins no operations over a store.
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
  const turns = shape.isSingle && shape.inputs > 1 ? 2 : 1
  const vectors = [...Array(shape.tileBlocks * blockVectors).keys()].map((index) => ({
    offset: index * vectorBytes,
    weights: Math.floor(index / blockVectors) * blockWeightBytes(shape) + (index % blockVectors) * vectorBytes,
    value: local('v128'),
  }))
  const sums = [...Array(turns).keys()].map(() => [...Array(pixels).keys()].map(() => vectors.map(() => local('v128'))))
  const splatted = local('v128')
  const loadWeights = (turn: number): Statement[] =>
    vectors.map(({ value, weights: offset }) => value.set(load('v128.load', weights.get, turn * blockBytes + offset)))
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
  const { set, result } = finishing(local, shape)
  const results = first!.flatMap((ofPixel, pixel) =>
    ofPixel.map((sum, v) => ({ sum, pixel, v, offset: pixel * pixelBytes + vectors[v]!.offset })),
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
    ...(shape.tileBlocks === 1 ? [] : [advance(weights, (shape.tileBlocks - 1) * blockWeightBytes(shape))]),
    ...set,
    ...results.map(({ sum, pixel, v, offset }) => sum.set(result(total(pixel, v), residual, offset))),
    ...results.map(({ sum, offset }) => store('v128.store', output.get, sum.get, offset)),
  ]
}

/**
 * The pixels as tiles that are as equal as can be: a tile of few pixels would wait for its sums. The smaller ones go first, because the
 * weights come from far down the caches at first, as they do once for each block of a small map.
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

/** (input, weights, output, residual): all output channels of `pixels` pixels, a pixel tile after the other. */
export function pointwiseRow(emitter: Emitter, shape: ProductShape): FunctionRef {
  return emitter.once('pointwiseRow', shape, 4, (local, input, weights, output, residual) => {
    const pointers = { input, weights: local('i32'), output, residual }
    const end = local('i32')
    const pixelBytes = shape.outputs * floatBytes
    return [
      end.set(plus(weights.get, productWeights(shape).bytes)),
      ...pixelTiles(shape).flatMap(({ pixels, count }) =>
        repeat(local, count, pointers.output, pixels * pixelBytes, [
          pointers.weights.set(weights.get),
          loopWhile(
            [
              ...tile(emitter, local, shape, pixels, pixelBytes, pointers),
              ...advanceOutput(shape, pointers, tileChannels(shape) * floatBytes),
            ],
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
 * (input, weights, output, residual): the channels of a tile of all pixels, which stand `pixelBytes` apart in the output; the weights stay in
 * the first-level cache.
 */
export function pointwiseBlock(emitter: Emitter, shape: ProductShape, pixelBytes: number): FunctionRef {
  return emitter.once('pointwiseBlock', { shape, pixelBytes }, 4, (local, input, weights, output, residual) => {
    const pointers = { input, weights: local('i32'), output, residual }
    return pixelTiles(shape).flatMap(({ pixels, count }) =>
      repeat(local, count, pointers.output, pixels * pixelBytes, [
        pointers.weights.set(weights.get),
        ...tile(emitter, local, shape, pixels, pixelBytes, pointers),
        advance(pointers.input, pixels * shape.inputStride * floatBytes),
        ...advanceOutput(shape, pointers, pixels * pixelBytes),
      ]),
    )
  })
}
