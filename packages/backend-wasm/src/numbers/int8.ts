import {
  advance,
  type Code,
  i32,
  type Local,
  load,
  type NewLocal,
  op,
  plus,
  type Statement,
  store,
  storeHalf,
  when,
} from '@mobilenetv2/assembler'
import type { IntegerActivation, IntegerLayer, IntegerPool, IntegerWeights } from '@mobilenetv2/spec'
import { splat } from '../codegen/arithmetic.js'
import { repeat } from '../codegen/loops.js'
import { channelBlock, floatBytes, halfBytes, vectorBytes } from '../memory-contract.js'
import type { FinishPlaces, Numbers } from './numbers.js'

/**
 * Added to a float between -2^22 and 2^22, it leaves the nearest integer in the low bits (ties to even), for floats from 2^23 to 2^24 are
 * the integers. Its own bits taken off again, what is left is the integer.
 */
const rounder = 12_582_912
const rounderBits = 0x4b400000

/** What precedes the weights of a block of channels: eight numbers of 32 bits, by their bytes. */
const bounds = { least: 0, most: 4, own: 8, residual: 12, shift: 16, sumLeast: 20, sumMost: 24, half: 28, bytes: 32 } as const
const productHead = { multipliers: bounds.bytes, bias: 2 * bounds.bytes, bytes: 3 * bounds.bytes } as const
/** What a pool is given: bounds, four multipliers of 1, then how the mean is rounded. */
const poolPlaces = {
  ones: bounds.bytes,
  divides: 48,
  zeroPoint: 52,
  zeroPoints: 56,
  multiplier: 60,
  offset: 64,
  bytes: 68,
} as const
const tilePixels = 4
const doubleTilePixels = 5

const integers = (value: Code<'i32'>): Code<'v128'> => op('i32x4.splat', value)

/** Adds what a layer adds to integers, four of them in each vector, in fixed point. */
function addResidual(local: NewLocal, base: Local<'i32'>) {
  const [own, other, half, least, most] = [local('v128'), local('v128'), local('v128'), local('v128'), local('v128')]
  const shift = local('i32')
  const held = [
    [own, bounds.own],
    [other, bounds.residual],
    [half, bounds.half],
    [least, bounds.sumLeast],
    [most, bounds.sumMost],
  ] as const
  return {
    set: [
      ...held.map(([vector, place]) => vector.set(load('v128.load32_splat', base.get, place))),
      shift.set(load('i32.load', base.get, bounds.shift)),
    ],
    sum(value: Code<'v128'>, residual: Code<'v128'>): Code<'v128'> {
      const products = op('i32x4.add', op('i32x4.mul', value, own.get), op('i32x4.mul', residual, other.get))
      const shifted = op('i32x4.shr_s', op('i32x4.add', products, half.get), shift.get)
      return op('i32x4.min_s', op('i32x4.max_s', shifted, least.get), most.get)
    },
  }
}

/** Sums times multipliers, held within the bounds, rounded to integers; then what the layer adds. */
const finishing: Numbers['finishing'] = (local, { addsResidual, outputBytes }, { base, bias, multipliers }: FinishPlaces) => {
  const [least, most, rounding] = [local('v128'), local('v128'), local('v128')]
  const addition = addsResidual ? addResidual(local, base) : null
  const staysFloat = outputBytes === floatBytes
  return {
    set: [
      least.set(load('v128.load32_splat', base.get, bounds.least)),
      most.set(load('v128.load32_splat', base.get, bounds.most)),
      ...(staysFloat ? [] : [rounding.set(splat(rounder))]),
      ...(addition?.set ?? []),
    ],
    store(pixels, output, residual) {
      const results = pixels.flatMap(({ vectors, offset }) => vectors.map((sum, v) => ({ sum, v, offset })))
      const whole = ({ sum, v, offset }: (typeof results)[number]): Code<'v128'> => {
        const total = bias === null ? sum.get : op('i32x4.add', sum.get, load('v128.load', base.get, bias(v)))
        const scaled = op('f32x4.mul', op('f32x4.convert_i32x4_s', total), load('v128.load', base.get, multipliers(v)))
        const held = op('f32x4.pmin', op('f32x4.pmax', scaled, least.get), most.get)
        if (staysFloat) return op('f32x4.nearest', held)
        const integer = op('i32x4.sub', op('f32x4.add', held, rounding.get), rounding.get)
        if (addition === null) return integer
        return addition.sum(integer, load('v128.load16x4_s', residual.get, offset + (v * vectorBytes) / 2))
      }
      return [
        ...results.map((result) => result.sum.set(whole(result))),
        ...pixels.flatMap(({ vectors, offset }) => {
          if (staysFloat) return vectors.map((sum, v) => store('v128.store', output.get, sum.get, offset + v * vectorBytes))
          const [only, ...others] = vectors
          if (others.length === 0) return [storeHalf(output.get, op('i16x8.narrow_i32x4_s', only!.get, only!.get), offset)]
          return vectors.flatMap((low, v) =>
            v % 2 === 1
              ? []
              : [
                  store(
                    'v128.store',
                    output.get,
                    op('i16x8.narrow_i32x4_s', low.get, vectors[v + 1]!.get),
                    offset + (v * vectorBytes) / 2,
                  ),
                ],
          )
        }),
      ]
    },
  }
}

function writeBounds(view: DataView, at: number, { least, most }: IntegerActivation, weights: IntegerWeights | null): void {
  view.setFloat32(at + bounds.least, least, true)
  view.setFloat32(at + bounds.most, most, true)
  const addition = weights?.addition ?? null
  if (addition === null) return
  view.setInt32(at + bounds.own, addition.ownMultiplier, true)
  view.setInt32(at + bounds.residual, addition.residualMultiplier, true)
  view.setInt32(at + bounds.shift, addition.shift, true)
  view.setInt32(at + bounds.half, 2 ** (addition.shift - 1), true)
  view.setInt32(at + bounds.sumLeast, addition.output.least, true)
  view.setInt32(at + bounds.sumMost, addition.output.most, true)
}

const weightsOf = (layer: IntegerLayer): IntegerWeights => layer as IntegerWeights

/** Kernel [taps][inputs][outputs] to [outputs / 8][inputs of the product / 2][8][2], each block behind its head. */
const packProduct: Numbers<IntegerLayer>['product']['pack'] = (layer, shape, starts, memory, address) => {
  const weights = weightsOf(layer)
  const { kernel, bias, multipliers, output } = weights
  const view = new DataView(memory)
  const outputs = bias.length
  const inputs = kernel.length / starts.length / outputs
  for (let first = 0, at = address; first < shape.outputs; first += channelBlock, at += shape.blockWeightBytes) {
    writeBounds(view, at, output, weights)
    const channels = Math.min(channelBlock, Math.max(0, outputs - first))
    new Float32Array(memory, at + productHead.multipliers).set(multipliers.subarray(first, first + channels))
    new Int32Array(memory, at + productHead.bias).set(bias.subarray(first, first + channels))
    const target = new Int16Array(memory, at + productHead.bytes, (shape.blockWeightBytes - productHead.bytes) / halfBytes)
    let from = first
    for (const start of starts) {
      for (let input = start; input < start + inputs; input++, from += outputs) {
        const to = (input >> 1) * 2 * channelBlock + (input & 1)
        for (let channel = 0; channel < channels; channel++) target[to + 2 * channel] = kernel[from + channel]!
      }
    }
  }
}

/** Kernel [taps][channels] to [channels / n][taps][n] in float32 for n channels at once, each n behind their head. */
const packDepthwise: Numbers<IntegerLayer>['depthwise']['pack'] = (layer, shape, memory, address) => {
  const weights = weightsOf(layer)
  const { kernel, bias, multipliers, output } = weights
  const { channelsAtOnce, stepWeightBytes } = shape
  const view = new DataView(memory)
  const channels = bias.length
  const taps = shape.kernelSize * shape.kernelSize
  const { multipliers: multipliersAt, bias: biasAt } = depthwisePlaces(channelsAtOnce)
  for (let first = 0, at = address; first < shape.channels; first += channelsAtOnce, at += stepWeightBytes) {
    writeBounds(view, at, output, weights)
    for (let channel = first; channel < Math.min(channels, first + channelsAtOnce); channel++) {
      const place = at + (channel - first) * floatBytes
      view.setFloat32(place + multipliersAt, multipliers[channel]!, true)
      for (let tap = 0; tap < taps; tap++) {
        view.setFloat32(place + biasAt + (1 + tap) * channelsAtOnce * floatBytes, kernel[tap * channels + channel]!, true)
      }
    }
    // The sums begin with the rounder, of which padded channels have to be rid too.
    for (let channel = first; channel < first + channelsAtOnce; channel++) {
      view.setInt32(at + (channel - first) * floatBytes + biasAt, (bias[channel] ?? 0) - rounderBits, true)
    }
  }
}

function depthwisePlaces(channels: number): { readonly multipliers: number; readonly bias: number } {
  return { multipliers: bounds.bytes, bias: bounds.bytes + channels * floatBytes }
}

/** The stored integer of a mean, from the sum of stored integers, both as floats. */
function byMultiplier(sum: Code<'v128'>, weights: Local<'i32'>): Code<'v128'> {
  const [multiplier, offset] = [poolPlaces.multiplier, poolPlaces.offset].map((at) => load('v128.load32_splat', weights.get, at))
  return op('f32x4.nearest', op('f32x4.add', op('f32x4.mul', sum, multiplier!), offset!))
}

/** As `byMultiplier`. Of the two halves added, one rounds sums above zero and one those below; the other gives 0 each time. */
function byDivision(sum: Code<'v128'>, count: number): Code<'v128'> {
  const rounded = (half: number): Code<'v128'> =>
    op('f32x4.trunc', op('f32x4.div', op('f32x4.add', sum, splat(half)), splat(count)))
  const half = Math.floor(count / 2)
  return op('f32x4.add', op('f32x4.pmax', rounded(half), splat(0)), op('f32x4.pmin', rounded(-half), splat(0)))
}

const emitPool: Numbers['pool']['emit'] = (local, shape, input, weights, output, residual) => {
  const count = shape.height * shape.width
  const pixelBytes = shape.channels * halfBytes
  const value = local('v128')
  const totals = [local('v128'), local('v128')]
  const [low, high] = totals as [Local<'v128'>, Local<'v128'>]
  const at = (place: number): Code<'i32'> => load('i32.load', weights.get, place)
  const { set, store: storeMeans } = finishing(local, shape, {
    base: weights,
    bias: null,
    multipliers: () => poolPlaces.ones,
  })
  const each = (change: (total: Code<'v128'>) => Code<'v128'>): Statement[] => totals.map((total) => total.set(change(total.get)))
  return [
    ...each(() => splat(0)),
    ...repeat(local, count, input, pixelBytes, [
      value.set(load('v128.load', input.get)),
      low.set(op('i32x4.add', low.get, op('i32x4.extend_low_i16x8_s', value.get))),
      high.set(op('i32x4.add', high.get, op('i32x4.extend_high_i16x8_s', value.get))),
      advance(input, pixelBytes),
    ]),
    ...each((total) => op('f32x4.convert_i32x4_s', op('i32x4.add', total, integers(at(poolPlaces.zeroPoints))))),
    when(
      op('i32.ne', at(poolPlaces.divides), i32(1)),
      each((total) => byMultiplier(total, weights)),
    ),
    when(
      at(poolPlaces.divides),
      each((total) => byDivision(total, count)),
    ),
    ...each((total) =>
      op('i32x4.sub', op('f32x4.add', total, splat(rounder)), integers(plus(at(poolPlaces.zeroPoint), rounderBits))),
    ),
    ...set,
    ...storeMeans([{ vectors: totals, offset: 0 }], output, residual),
  ]
}

const packPool: Numbers<IntegerLayer>['pool']['pack'] = (layer, { height, width }, memory, address) => {
  const { rounding, inputZeroPoint, output } = layer as IntegerPool
  const divides = rounding.by === 'division'
  const view = new DataView(memory)
  writeBounds(view, address, output, null)
  new Float32Array(memory, address + poolPlaces.ones, vectorBytes / floatBytes).fill(1)
  view.setInt32(address + poolPlaces.divides, divides ? 1 : 0, true)
  view.setInt32(address + poolPlaces.zeroPoint, divides ? inputZeroPoint : rounding.zeroPoint, true)
  view.setInt32(address + poolPlaces.zeroPoints, inputZeroPoint * height * width, true)
  if (divides) return
  view.setFloat32(address + poolPlaces.multiplier, rounding.multiplier, true)
  view.setFloat32(address + poolPlaces.offset, rounding.offset, true)
}

/**
 * The integers of a quantised network, each less its zero point, in 16 bits. Products are summed in 32-bit integers. A depthwise
 * convolution adds up in float32, which is exact: of at most 7 x 7 products below 2^16, no sum reaches 2^22.
 */
export const int8: Numbers<IntegerLayer> = {
  note: ', int8',
  valueBytes: halfBytes,
  largestKernel: 7,
  hasPlaces: true,
  finishing,
  product: {
    inputsAtOnce: 2,
    head: productHead,
    waits: false,
    tile: (tuning) => ({
      tilePixels: Math.min(tuning.tilePixels, tilePixels),
      doubleTilePixels: Math.min(tuning.doubleTilePixels, doubleTilePixels),
    }),
    multiplyAdd: (_emitter, pixel, weights, sum) => op('i32x4.add', sum, op('i32x4.dot_i16x8_s', pixel, weights)),
    pack: packProduct,
  },
  depthwise: {
    headBytes: (channels) => bounds.bytes + 2 * channels * floatBytes,
    begin: (sums) => sums.map((sum) => sum.set(splat(rounder))),
    places(weights, channels) {
      const { multipliers, bias } = depthwisePlaces(channels)
      const at = (place: number) => (vector: number) => place + vector * vectorBytes
      return { base: weights, bias: at(bias), multipliers: at(multipliers) }
    },
    pack: packDepthwise,
  },
  pool: { bytes: poolPlaces.bytes, emit: emitPool, pack: packPool },
}
