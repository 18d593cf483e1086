import { load, op } from '@mobilenetv2/assembler'
import type { BodyArchitecture } from '@mobilenetv2/runtime'
import { areWithin, type DepthwiseLayer, type IntegerWeights, type LayerId } from '@mobilenetv2/spec'
import { splat } from '../../codegen/arithmetic.js'
import { type ByteDomain, leastWeight } from '../../codegen/dot-bytes.js'
import { windowLocals, windowSums } from '../../kernels/depthwise/windows.js'
import { floatBytes, lanes, vectorBytes } from '../../memory-contract.js'
import type { Tuning } from '../../tuning/tuning.js'
import type { Numbers } from '../numbers.js'
import { packDepthwise } from './depthwise.js'
import { finishing } from './finishing.js'
import type { Held } from './held.js'
import type { PlacedIntegers } from './layers.js'
import { depthwisePlaces, poolPlaces, productHead, rounder } from './places.js'
import { emitPool, packPool } from './pool.js'
import { packProduct } from './product.js'

/**
 * The most pixels in a tile, measured in V8. A product of 8 bits has a longer latency. A product of 16 bits needs one register more; if the
 * engine joins vectors, the sums of a pixel take only one register.
 */
function mostPixels(valueBytes: 1 | 2, { depthwiseChannels }: Tuning): number {
  if (valueBytes === 1) return 5
  return depthwiseChannels === 8 ? 6 : 4
}

/** Whether the integers of a kernel are from `least` to 127. */
function isNarrow({ kernel }: IntegerWeights, least: number): boolean {
  return areWithin(kernel, least, 127)
}

/** The rounder rounds floats below this magnitude correctly. It is half of the true limit, because sums were rounded to float32 before. */
const mostRounded = 2 ** 21

/**
 * Whether saturation when storing in 8 bits keeps a layer's results within its bounds: the bounds are those of 8 bits, and no result is too
 * large for the rounder.
 */
function fillsBytes({ layer, input }: PlacedIntegers): boolean {
  const { output } = layer
  if (layer.kind === 'pool' || layer.addition !== null || output.most - output.least !== 255) return false
  const { kernel, bias, multipliers } = layer
  const largest = Math.max(-input.least, input.most)
  const sums = Float64Array.from(bias, Math.abs)
  for (let at = 0, channel = 0; at < kernel.length; at++) {
    sums[channel]! += Math.abs(kernel[at]!) * largest
    channel = channel + 1 === sums.length ? 0 : channel + 1
  }
  return sums.every((sum, channel) => sum * multipliers[channel]! < mostRounded)
}

/** Whether a depthwise convolution can be computed in windows of 8 bits. The zeros around its map must be the lowest byte. */
function hasWindows({ kernelSize, stride }: DepthwiseLayer, { input }: PlacedIntegers): boolean {
  return kernelSize === 3 && stride <= 2 && input.least === 0
}

/**
 * The numbers of a quantised network. Products, and depthwise convolutions in windows, sum in 32-bit integers. Depthwise convolutions
 * without windows sum in float32, which is exact: 7 x 7 products of 255 x 255 stay below 2^22.
 */
export function integerNumbers(held: Held, placed: ReadonlyMap<LayerId, PlacedIntegers>): Numbers<PlacedIntegers> {
  const { bytes: valueBytes, added } = held
  const filling = new Set([...placed].flatMap(([id, each]) => (valueBytes === 1 && fillsBytes(each) ? [id] : [])))
  return {
    note: valueBytes === 1 ? ', int8' : ', int8 in 16 bits',
    valueBytes,
    pictureBytes: valueBytes,
    expandedBytes: valueBytes === 1 ? 1 : floatBytes,
    saturates: (id) => filling.has(id),
    border: (id) => added(placed.get(id)!.input) & 255,
    outside: added({ least: 0 }) & 255,
    largestDepthwise: 7,
    hasPlaces: true,
    finishing: (...given) => finishing(held, ...given),
    product: {
      head: productHead,
      waits: false,
      // V8 does not join these products to 256 bits, so tiles of 16 channels would only spill registers.
      tile: (tuning) => ({ tilePixels: Math.min(tuning.tilePixels, mostPixels(valueBytes, tuning)), doubleTilePixels: 0 }),
      multiplyAdd: (_emitter, { inputBytes }, pixel, weights, sum) =>
        inputBytes === 1
          ? op('i32x4.relaxed_dot_i8x16_i7x16_add_s', weights, pixel, sum)
          : op('i32x4.add', sum, op('i32x4.dot_i16x8_s', pixel, weights)),
      pack: (...given) => packProduct(held, ...given),
    },
    depthwise: {
      // Windows of 8 bits have 8 channels.
      channelsAtOnce: (tuning) => (valueBytes === 1 ? 8 : tuning.depthwiseChannels),
      headBytes: (channels) => depthwisePlaces(channels).bytes,
      begin: (sums, weights, { inputBytes, channelsAtOnce }) =>
        sums.map((sum, vector) =>
          sum.set(
            inputBytes === 1
              ? load('v128.load', weights.get, depthwisePlaces(channelsAtOnce).bias + vector * vectorBytes)
              : splat(rounder),
          ),
        ),
      places(weights, { inputBytes, channelsAtOnce }) {
        const places = depthwisePlaces(channelsAtOnce)
        const at = (place: number) => (vector: number) => place + vector * vectorBytes
        return {
          base: weights,
          vectors: channelsAtOnce / lanes,
          bias: inputBytes === 1 ? null : at(places.bias),
          multipliers: at(places.multipliers),
        }
      },
      windowLocals,
      windowSums,
      pack: (...given) => packDepthwise(held, ...given),
    },
    pool: {
      bytes: poolPlaces.bytes,
      emit: (...given) => emitPool(held, ...given),
      pack: (...given) => packPool(held, ...given),
    },
  }
}

/** Whether the activations of a network can be stored in bytes of this range, for the relaxed dot product of `dotBytes`. */
export function fitsBytes({ layers }: BodyArchitecture, placed: ReadonlyMap<LayerId, PlacedIntegers>, domain: ByteDomain): boolean {
  return layers.every((each) => {
    const integers = placed.get(each.id)!
    const { layer } = integers
    if (each.kind === 'depthwise' && !hasWindows(each, integers)) return false
    return layer.kind === 'pool' || isNarrow(layer, leastWeight[domain])
  })
}
