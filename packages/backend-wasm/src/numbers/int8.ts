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
import type { BodyArchitecture } from '@mobilenetv2/runtime'
import type { DepthwiseLayer, IntegerPool, IntegerWeights, LayerId } from '@mobilenetv2/spec'
import { splat, type ValueBytes } from '../codegen/arithmetic.js'
import { repeat } from '../codegen/loops.js'
import { windowLocals, windowSums, windowTaps } from '../kernels/depthwise/windows.js'
import { blockBytes, channelBlock, floatBytes, halfBytes, lanes, vectorBytes } from '../memory-contract.js'
import { type PlacedIntegers, resultOf } from './integer-layers.js'
import type { FinishPlaces, Numbers } from './numbers.js'

/**
 * Added to a float between -2^22 and 2^22, it leaves the nearest integer in the low bits (ties to even), for floats from 2^23 to 2^24 are
 * the integers. Its own bits taken off again, what is left is the integer.
 */
export const rounder = 12_582_912
const rounderBits = 0x4b400000

/** What precedes the weights of a block of channels: numbers of 32 bits, by their bytes. */
const bounds = {
  least: 0,
  most: 4,
  own: 8,
  residual: 12,
  shift: 16,
  sumLeast: 20,
  sumMost: 24,
  half: 28,
  /** What a rounded float has too much in its bits. */
  takenOff: 32,
  /** What a sum of 8 bits is to have added. */
  offset: 36,
  bytes: 48,
} as const
const productHead = {
  multipliers: bounds.bytes,
  bias: bounds.bytes + blockBytes,
  bytes: bounds.bytes + 2 * blockBytes,
} as const
/** What a pool is given: bounds, four multipliers of 1, then how the mean is rounded. */
const poolPlaces = {
  ones: bounds.bytes,
  divides: 64,
  zeroPoint: 68,
  zeroPoints: 72,
  multiplier: 76,
  offset: 80,
  bytes: 84,
} as const
/** As measured in V8: a product of 16 bits needs a register more, one of 8 bits waits longer for its sum. */
const tilePixels = { 1: 5, 2: 4 } as const
const doubleTilePixels = 5
const channelsAtOnce = 8

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

/** Four integers of a tensor, of `bytes` bytes each, as 32-bit ones. Reads 8 bytes. */
function readFour(bytes: ValueBytes, address: Local<'i32'>, offset: number): Code<'v128'> {
  if (bytes === halfBytes) return load('v128.load16x4_s', address.get, offset)
  return op('i32x4.extend_low_i16x8_s', load('v128.load8x8_u', address.get, offset))
}

/** Stores 8 integers, which two vectors of 32-bit ones hold, in `bytes` bytes each. */
function storeEight(bytes: ValueBytes, output: Local<'i32'>, low: Code<'v128'>, high: Code<'v128'>, offset: number): Statement {
  const halves = op('i16x8.narrow_i32x4_s', low, high)
  if (bytes === halfBytes) return store('v128.store', output.get, halves, offset)
  return storeHalf(output.get, op('i8x16.narrow_i16x8_u', halves, halves), offset)
}

/** Sums times multipliers, held within the bounds, rounded to integers; then what the layer adds. */
const finishing: Numbers['finishing'] = (
  local,
  { addsResidual, outputBytes, saturates },
  { base, vectors: count, bias, multipliers }: FinishPlaces,
) => {
  const each = <Value>(make: (vector: number) => Value): Value[] => [...Array(count).keys()].map(make)
  const splatted = (place: number) => {
    const held = local('v128')
    return { get: held.get, set: held.set(load('v128.load32_splat', base.get, place)) }
  }
  const staysFloat = outputBytes === floatBytes
  const times = each(() => local('v128'))
  const rounding = local('v128')
  const held = saturates ? [] : [splatted(bounds.least), splatted(bounds.most)]
  const takenOff = staysFloat ? [] : [splatted(bounds.takenOff)]
  const addition = addsResidual ? addResidual(local, base) : null
  const added = addition === null || outputBytes !== 1 ? [] : [splatted(bounds.offset)]
  const apply = (name: 'i32x4.add' | 'i32x4.sub', value: Code<'v128'>, operands: readonly { readonly get: Code<'v128'> }[]) =>
    operands.reduce((sum, { get }) => op(name, sum, get), value)
  return {
    set: [
      ...times.map((vector, v) => vector.set(load('v128.load', base.get, multipliers(v)))),
      ...[...held, ...takenOff, ...added].map(({ set }) => set),
      rounding.set(splat(rounder)),
      ...(addition?.set ?? []),
    ],
    store(pixels, output, residual) {
      const results = pixels.flatMap(({ vectors, offset: pixel }) => vectors.map((sum, v) => ({ sum, v, pixel })))
      const whole = ({ sum, v, pixel }: (typeof results)[number]): Code<'v128'> => {
        const total = bias === null ? sum.get : op('i32x4.add', sum.get, load('v128.load', base.get, bias(v)))
        const scaled = op('f32x4.mul', op('f32x4.convert_i32x4_s', total), times[v]!.get)
        const [least, most] = held
        const within = least && most ? op('f32x4.pmin', op('f32x4.pmax', scaled, least.get), most.get) : scaled
        const rounded = op('f32x4.add', within, rounding.get)
        if (staysFloat) return op('f32x4.sub', rounded, rounding.get)
        const integer = apply('i32x4.sub', rounded, takenOff)
        if (addition === null) return integer
        return apply('i32x4.add', addition.sum(integer, readFour(outputBytes, residual, pixel + v * lanes * outputBytes)), added)
      }
      return [
        ...results.map((result) => result.sum.set(whole(result))),
        ...pixels.flatMap(({ vectors, offset: pixel }) =>
          staysFloat
            ? vectors.map((sum, v) => store('v128.store', output.get, sum.get, pixel + v * vectorBytes))
            : vectors.flatMap((low, v) =>
                v % 2 === 1 ? [] : [storeEight(outputBytes, output, low.get, vectors[v + 1]!.get, pixel + v * lanes * outputBytes)],
              ),
        ),
      ]
    },
  }
}

function writeBounds(view: DataView, at: number, { layer, residual }: PlacedIntegers, bytes: ValueBytes): void {
  view.setFloat32(at + bounds.least, layer.output.least, true)
  view.setFloat32(at + bounds.most, layer.output.most, true)
  const addition = layer.kind === 'weights' ? layer.addition : null
  const offset = bytes === 1 ? -resultOf(layer).least : 0
  view.setInt32(at + bounds.takenOff, rounderBits - (addition === null ? offset : 0), true)
  if (addition === null) return
  view.setInt32(at + bounds.offset, offset, true)
  const { ownMultiplier, residualMultiplier, shift, output } = addition
  // What is read of a tensor in 8 bits is greater than its integers.
  const tooMuch = bytes === 1 ? -residual!.least * residualMultiplier : 0
  view.setInt32(at + bounds.own, ownMultiplier, true)
  view.setInt32(at + bounds.residual, residualMultiplier, true)
  view.setInt32(at + bounds.shift, shift, true)
  view.setInt32(at + bounds.half, 2 ** (shift - 1) - tooMuch, true)
  view.setInt32(at + bounds.sumLeast, output.least, true)
  view.setInt32(at + bounds.sumMost, output.most, true)
}

const weightsOf = ({ layer }: PlacedIntegers): IntegerWeights => layer as IntegerWeights

/**
 * Kernel [taps][inputs][outputs] to [outputs / 8][inputs of the product / n][8][n], n integers in 32 bits, each block behind its head.
 * Inputs of 8 bits are greater than their integers: that times the sum of the weights is taken off the bias.
 */
const packProduct: Numbers<PlacedIntegers>['product']['pack'] = (placed, shape, starts, memory, address) => {
  const { kernel, bias, multipliers } = weightsOf(placed)
  const { inputBytes, outputBytes, blockWeightBytes } = shape
  const view = new DataView(memory)
  const outputs = bias.length
  const inputs = kernel.length / starts.length / outputs
  const together = floatBytes / inputBytes
  const shift = Math.log2(together)
  const tooMuch = inputBytes === 1 ? -placed.input.least : 0
  for (let first = 0, at = address; first < shape.outputs; first += channelBlock, at += blockWeightBytes) {
    writeBounds(view, at, placed, outputBytes)
    const channels = Math.min(channelBlock, Math.max(0, outputs - first))
    new Float32Array(memory, at + productHead.multipliers).set(multipliers.subarray(first, first + channels))
    const weightsAt = at + productHead.bytes
    const target = inputBytes === 1 ? new Int8Array(memory, weightsAt) : new Int16Array(memory, weightsAt)
    const sums = new Int32Array(channels)
    let from = first
    for (const start of starts) {
      for (let input = start; input < start + inputs; input++, from += outputs) {
        const to = (input >> shift) * together * channelBlock + (input & (together - 1))
        for (let channel = 0; channel < channels; channel++) {
          const weight = kernel[from + channel]!
          target[to + together * channel] = weight
          sums[channel]! += weight
        }
      }
    }
    sums.forEach((sum, channel) => {
      view.setInt32(at + productHead.bias + channel * floatBytes, bias[first + channel]! - tooMuch * sum, true)
    })
  }
}

/**
 * Kernel [taps][channels] for 8 channels at once, each 8 behind their head: to [taps][8] in float32, or to windows of 8 bits
 * (`windows.ts`).
 */
const packDepthwise: Numbers<PlacedIntegers>['depthwise']['pack'] = (placed, shape, memory, address) => {
  const { kernel, bias, multipliers } = weightsOf(placed)
  const { kernelSize, stride, inputBytes, outputBytes, stepWeightBytes } = shape
  const view = new DataView(memory)
  const channels = bias.length
  const taps = kernelSize * kernelSize
  const inBytes = inputBytes === 1
  const { multipliers: multipliersAt, bias: biasAt } = depthwisePlaces
  const tapsAt = biasAt + channelsAtOnce * floatBytes
  for (let first = 0, at = address; first < shape.channels; first += channelsAtOnce, at += stepWeightBytes) {
    writeBounds(view, at, placed, outputBytes)
    for (let channel = first; channel < first + channelsAtOnce; channel++) {
      const place = at + (channel - first) * floatBytes
      // Sums of floats begin with the rounder, of which padded channels have to be rid too.
      view.setInt32(place + biasAt, (bias[channel] ?? 0) - (inBytes ? 0 : rounderBits), true)
      if (channel >= channels) continue
      view.setFloat32(place + multipliersAt, multipliers[channel]!, true)
      const values = Array.from({ length: taps }, (_, tap) => kernel[tap * channels + channel]!)
      if (inBytes) {
        for (let row = 0, to = place + tapsAt; row < kernelSize; row++) {
          for (const columns of windowTaps(values.slice(row * kernelSize, (row + 1) * kernelSize), stride)) {
            new Int8Array(memory, to).set(columns)
            to += channelsAtOnce * floatBytes
          }
        }
      } else {
        for (const [tap, value] of values.entries())
          view.setFloat32(place + tapsAt + tap * channelsAtOnce * floatBytes, value, true)
      }
    }
  }
}

/** Where the multipliers and biases of 8 channels are in what precedes their taps. */
const depthwisePlaces = {
  multipliers: bounds.bytes,
  bias: bounds.bytes + channelsAtOnce * floatBytes,
  bytes: bounds.bytes + 2 * channelsAtOnce * floatBytes,
} as const

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
  const pixelBytes = shape.channels * shape.outputBytes
  const value = local('v128')
  const totals = [local('v128'), local('v128')]
  const [low, high] = totals as [Local<'v128'>, Local<'v128'>]
  const at = (place: number): Code<'i32'> => load('i32.load', weights.get, place)
  const { set, store: storeMeans } = finishing(local, shape, {
    base: weights,
    bias: null,
    vectors: totals.length,
    multipliers: () => poolPlaces.ones,
  })
  const each = (change: (total: Code<'v128'>) => Code<'v128'>): Statement[] => totals.map((total) => total.set(change(total.get)))
  return [
    ...each(() => splat(0)),
    ...repeat(local, count, input, pixelBytes, [
      value.set(load(shape.outputBytes === 1 ? 'v128.load8x8_u' : 'v128.load', input.get)),
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

const packPool: Numbers<PlacedIntegers>['pool']['pack'] = (placed, { height, width, outputBytes }, memory, address) => {
  const { rounding, inputZeroPoint } = placed.layer as IntegerPool
  const tooMuch = outputBytes === 1 ? -placed.input.least : 0
  const divides = rounding.by === 'division'
  const view = new DataView(memory)
  writeBounds(view, address, placed, outputBytes)
  new Float32Array(memory, address + poolPlaces.ones, vectorBytes / floatBytes).fill(1)
  view.setInt32(address + poolPlaces.divides, divides ? 1 : 0, true)
  view.setInt32(address + poolPlaces.zeroPoint, divides ? inputZeroPoint : rounding.zeroPoint, true)
  view.setInt32(address + poolPlaces.zeroPoints, (inputZeroPoint - tooMuch) * height * width, true)
  if (divides) return
  view.setFloat32(address + poolPlaces.multiplier, rounding.multiplier, true)
  view.setFloat32(address + poolPlaces.offset, rounding.offset, true)
}

/** Whether the integers of a kernel fit 8 bits. */
function isNarrow({ kernel }: IntegerWeights): boolean {
  return kernel.every((weight) => weight >= -128 && weight < 128)
}

/** A float with the rounder added is an integer as long as it is nearer to zero than this. */
const mostRounded = 2 ** 22

/** Whether 8 bits hold what a layer gives: all of their integers are allowed, and none of its results is too large for the rounder. */
function fillsBytes({ layer, input }: PlacedIntegers): boolean {
  const { output } = layer
  if (layer.kind === 'pool' || layer.addition !== null || output.most - output.least !== 255) return false
  const { kernel, bias, multipliers } = layer
  const largest = Math.max(-input.least, input.most)
  const sums = Float64Array.from(bias, Math.abs)
  kernel.forEach((weight, at) => {
    sums[at % sums.length]! += Math.abs(weight) * largest
  })
  return sums.every((sum, channel) => sum * multipliers[channel]! < mostRounded / 2)
}

/** Whether a depthwise convolution is in windows of 8 bits. What lies around its map must be zeros in memory too. */
function hasWindows({ kernelSize, stride }: DepthwiseLayer, { layer, input }: PlacedIntegers): boolean {
  return kernelSize === 3 && stride <= 2 && input.least === 0 && layer.kind === 'weights' && isNarrow(layer)
}

/**
 * The integers of a quantised network: in 16 bits, each less its zero point; or in 8 bits, less the least of their tensor. Products are summed in 32-bit integers. A depthwise convolution that has no windows adds up in
 * float32, which is exact: of at most 7 x 7 products below 2^16, no sum reaches 2^22.
 */
function integerNumbers(valueBytes: 1 | 2, placed: ReadonlyMap<LayerId, PlacedIntegers>): Numbers<PlacedIntegers> {
  const filling = new Set([...placed].flatMap(([id, each]) => (valueBytes === 1 && fillsBytes(each) ? [id] : [])))
  return {
    note: ', int8',
    valueBytes,
    pictureBytes: valueBytes,
    expandedBytes: valueBytes === 1 ? 1 : floatBytes,
    saturates: (id) => filling.has(id),
    border: (id) => (valueBytes === 1 ? -placed.get(id)!.input.least : 0),
    largestKernel: 7,
    hasPlaces: true,
    finishing,
    product: {
      head: productHead,
      waits: false,
      tile: (tuning) => ({
        tilePixels: Math.min(tuning.tilePixels, tilePixels[valueBytes]),
        doubleTilePixels: Math.min(tuning.doubleTilePixels, doubleTilePixels),
      }),
      multiplyAdd: (_emitter, { inputBytes }, pixel, weights, sum) =>
        inputBytes === 1
          ? op('i32x4.relaxed_dot_i8x16_i7x16_add_s', weights, pixel, sum)
          : op('i32x4.add', sum, op('i32x4.dot_i16x8_s', pixel, weights)),
      pack: packProduct,
    },
    depthwise: {
      channelsAtOnce: () => channelsAtOnce,
      headBytes: () => depthwisePlaces.bytes,
      begin: (sums, weights, { inputBytes }) =>
        sums.map((sum, vector) =>
          sum.set(inputBytes === 1 ? load('v128.load', weights.get, depthwisePlaces.bias + vector * vectorBytes) : splat(rounder)),
        ),
      places(weights, { inputBytes }) {
        const at = (place: number) => (vector: number) => place + vector * vectorBytes
        return {
          base: weights,
          vectors: channelsAtOnce / lanes,
          bias: inputBytes === 1 ? null : at(depthwisePlaces.bias),
          multipliers: at(depthwisePlaces.multipliers),
        }
      },
      windowLocals,
      windowSums,
      pack: packDepthwise,
    },
    pool: { bytes: poolPlaces.bytes, emit: emitPool, pack: packPool },
  }
}

/** Activations in 16 bits, for every engine and every network of integers. */
export function inHalves(placed: ReadonlyMap<LayerId, PlacedIntegers>): Numbers<PlacedIntegers> {
  return integerNumbers(2, placed)
}

/**
 * Activations and weights in 8 bits, whose products need the relaxed dot of an engine that takes bytes whole (`dotTakesBytes`); null if a
 * network does not fit.
 */
export function inBytes(
  { layers }: BodyArchitecture,
  placed: ReadonlyMap<LayerId, PlacedIntegers>,
): Numbers<PlacedIntegers> | null {
  const fits = layers.every((each) => {
    const integers = placed.get(each.id)!
    const { layer } = integers
    return each.kind === 'depthwise' ? hasWindows(each, integers) : layer.kind === 'pool' || isNarrow(layer)
  })
  return fits ? integerNumbers(1, placed) : null
}
