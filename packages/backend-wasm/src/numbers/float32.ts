import { advance, type Local, load, op, type Statement, store } from '@mobilenetv2/assembler'
import type { Activation, LayerParameters } from '@mobilenetv2/spec'
import { multiplyAdd, splat } from '../codegen/arithmetic.js'
import { repeat } from '../codegen/loops.js'
import { blockBytes, channelBlock, floatBytes, lanes, vectorBytes } from '../memory-contract.js'
import type { Finishing, Numbers } from './numbers.js'

/** The bounds of an activation's values. */
function boundsOf(activation: Activation): { readonly lower?: number; readonly upper?: number } {
  switch (activation) {
    case 'linear':
      return {}
    case 'relu':
      return { lower: 0 }
    case 'relu6':
      return { lower: 0, upper: 6 }
    default:
      return activation satisfies never
  }
}

/**
 * Applies the activation, then adds the residual. Each bound is one local for all vectors, because V8 joins two neighbouring operations to
 * 256 bits only if both have the same operand. The order of the operands keeps a NaN a NaN, and needs only one x64 instruction for each
 * bound.
 */
const finishing: Numbers['finishing'] = (local, { activation, addsResidual }): Finishing => {
  const bounds = (['lower', 'upper'] as const).flatMap((side) => {
    const value = boundsOf(activation)[side]
    return value === undefined ? [] : [{ side, value, held: local('v128') }]
  })
  return {
    set: bounds.map(({ value, held }) => held.set(splat(value))),
    store(pixels, output, residual) {
      const results = pixels.flatMap(({ vectors, offset }) => vectors.map((sum, v) => ({ sum, offset: offset + v * vectorBytes })))
      return [
        ...results.map(({ sum, offset }) => {
          const activated = bounds.reduce(
            (value, { side, held }) => op(side === 'lower' ? 'f32x4.pmax' : 'f32x4.pmin', value, held.get),
            sum.get,
          )
          return sum.set(addsResidual ? op('f32x4.add', activated, load('v128.load', residual.get, offset)) : activated)
        }),
        ...results.map(({ sum, offset }) => store('v128.store', output.get, sum.get, offset)),
      ]
    },
  }
}

/**
 * Copies `length` floats from `from` on, in blocks of 8: the first block to `to`, each further block `step` floats after the one
 * before. The loop over a block is unrolled by hand, because it runs before any engine has optimised it.
 */
function scatterRow(source: Float32Array, from: number, length: number, target: Float32Array, to: number, step: number): void {
  const end = from + length
  let at = from
  let block = to
  for (; at + channelBlock <= end; at += channelBlock, block += step) {
    target[block] = source[at]!
    target[block + 1] = source[at + 1]!
    target[block + 2] = source[at + 2]!
    target[block + 3] = source[at + 3]!
    target[block + 4] = source[at + 4]!
    target[block + 5] = source[at + 5]!
    target[block + 6] = source[at + 6]!
    target[block + 7] = source[at + 7]!
  }
  for (; at < end; at++, block++) target[block] = source[at]!
}

/** Packs a kernel [taps][inputs][outputs] as [outputs / 8][1 + inputs of the product][8], with the bias first. */
const packProduct: Numbers<LayerParameters>['product']['pack'] = ({ kernel, bias }, shape, starts, memory, address) => {
  const target = new Float32Array(memory, address)
  const outputs = bias.length
  const inputs = kernel.length / starts.length / outputs
  const blockFloats = shape.blockWeightBytes / floatBytes
  scatterRow(bias, 0, outputs, target, 0, blockFloats)
  let row = 0
  for (const start of starts) {
    for (let input = 0; input < inputs; input++, row++) {
      scatterRow(kernel, row * outputs, outputs, target, (1 + start + input) * channelBlock, blockFloats)
    }
  }
}

/** Packs a kernel [taps][channels] as [channels / n][1 + taps][n] for n channels at once, with the bias first. */
const packDepthwise: Numbers<LayerParameters>['depthwise']['pack'] = ({ kernel, bias }, shape, memory, address) => {
  const target = new Float32Array(memory, address)
  const channels = bias.length
  const taps = shape.kernelSize * shape.kernelSize
  const { channelsAtOnce } = shape
  for (let channel = 0; channel < channels; channel++) {
    const lane = channel % channelsAtOnce
    const start = (channel - lane) * (taps + 1) + lane
    target[start] = bias[channel]!
    for (let tap = 0; tap < taps; tap++) target[start + (tap + 1) * channelsAtOnce] = kernel[tap * channels + channel]!
  }
}

/** The mean. It sums each row by itself and then the rows, so that a large map loses no precision. */
const emitPool: Numbers['pool']['emit'] = (local, shape, input, weights, output, residual) => {
  const { height, width, channels } = shape
  const pixelBytes = channels * floatBytes
  const vectors = [...Array(channelBlock / lanes).keys()].map((index) => ({
    offset: index * vectorBytes,
    total: local('v128'),
    row: local('v128'),
  }))
  const { set, store: storeMeans } = finishing(local, shape, { base: weights, vectors: 0, bias: null, multipliers: () => 0 })
  return [
    ...vectors.map(({ total }) => total.set(splat(0))),
    ...repeat(local, height, input, width * pixelBytes, [
      ...vectors.map(({ row }) => row.set(splat(0))),
      ...repeat(local, width, input, pixelBytes, [
        ...vectors.map(({ row, offset }) => row.set(op('f32x4.add', row.get, load('v128.load', input.get, offset)))),
        advance(input, pixelBytes),
      ]),
      ...vectors.map(({ total, row }) => total.set(op('f32x4.add', total.get, row.get))),
    ]),
    ...set,
    ...vectors.map(({ total }) => total.set(op('f32x4.mul', total.get, splat(1 / (height * width))))),
    ...storeMeans([{ vectors: vectors.map(({ total }) => total), offset: 0 }], output, residual),
  ]
}

/** Windows are for values of 8 bits only. */
function noWindows(): never {
  throw new RangeError('windows are for 8 bits')
}

/** float32, with fused multiply-adds if the engine has them. */
export const float32: Numbers<LayerParameters> = {
  note: '',
  valueBytes: floatBytes,
  pictureBytes: floatBytes,
  expandedBytes: floatBytes,
  saturates: () => false,
  border: () => 0,
  outside: 0,
  largestDepthwise: null,
  hasPlaces: false,
  finishing,
  product: {
    head: { bytes: blockBytes, bias: 0, multipliers: 0 },
    waits: true,
    tile: (tuning) => tuning,
    multiplyAdd: (emitter, _shape, pixel, weights, sum) => multiplyAdd(emitter, pixel, weights, sum),
    pack: packProduct,
  },
  depthwise: {
    channelsAtOnce: (tuning) => tuning.depthwiseChannels,
    headBytes: (channels) => channels * floatBytes,
    begin: (sums: readonly Local<'v128'>[], weights: Local<'i32'>): Statement[] =>
      sums.map((sum, index) => sum.set(load('v128.load', weights.get, index * vectorBytes))),
    places: (weights) => ({ base: weights, vectors: 0, bias: null, multipliers: () => 0 }),
    windowLocals: noWindows,
    windowSums: noWindows,
    pack: packDepthwise,
  },
  pool: { bytes: 0, emit: emitPool, pack: () => undefined },
}
