import { advance, type Code, i32, type Local, load, op, plus, type Statement, when } from '@mobilenetv2/assembler'
import type { IntegerPool } from '@mobilenetv2/spec'
import { splat } from '../../codegen/arithmetic.js'
import { repeat } from '../../codegen/loops.js'
import { floatBytes, vectorBytes } from '../../memory-contract.js'
import type { Numbers } from '../numbers.js'
import { finishing } from './finishing.js'
import type { Held } from './held.js'
import { type PackIn, poolPlaces, rounder, rounderBits, writeBounds } from './places.js'

const integers = (value: Code<'i32'>): Code<'v128'> => op('i32x4.splat', value)

/** Computes the mean from a sum of integers, both as floats. */
function byMultiplier(sum: Code<'v128'>, weights: Local<'i32'>): Code<'v128'> {
  const [multiplier, offset] = [poolPlaces.multiplier, poolPlaces.offset].map((at) => load('v128.load32_splat', weights.get, at))
  return op('f32x4.nearest', op('f32x4.add', op('f32x4.mul', sum, multiplier!), offset!))
}

/**
 * As `byMultiplier`, but by division. Adding half of the count rounds sums above zero, and subtracting it rounds sums below zero;
 * the other of the two terms is 0.
 */
function byDivision(sum: Code<'v128'>, count: number): Code<'v128'> {
  const rounded = (half: number): Code<'v128'> =>
    op('f32x4.trunc', op('f32x4.div', op('f32x4.add', sum, splat(half)), splat(count)))
  const half = Math.floor(count / 2)
  return op('f32x4.add', op('f32x4.pmax', rounded(half), splat(0)), op('f32x4.pmin', rounded(-half), splat(0)))
}

/** The mean of 8 channels. */
export const emitPool = (
  held: Held,
  ...[local, shape, input, weights, output, residual]: Parameters<Numbers['pool']['emit']>
): readonly Statement[] => {
  const count = shape.height * shape.width
  const pixelBytes = shape.channels * shape.outputBytes
  const value = local('v128')
  const totals = [local('v128'), local('v128')]
  const [low, high] = totals as [Local<'v128'>, Local<'v128'>]
  const at = (place: number): Code<'i32'> => load('i32.load', weights.get, place)
  const { set, store: storeMeans } = finishing(held, local, shape, {
    base: weights,
    bias: null,
    vectors: totals.length,
    multipliers: () => poolPlaces.ones,
  })
  const each = (change: (total: Code<'v128'>) => Code<'v128'>): Statement[] => totals.map((total) => total.set(change(total.get)))
  return [
    ...each(() => splat(0)),
    ...repeat(local, count, input, pixelBytes, [
      value.set(held.readEight(input)),
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

export const packPool: PackIn<'pool'> = (held, placed, { height, width }, memory, address) => {
  const { rounding, inputZeroPoint } = placed.layer as IntegerPool
  const tooMuch = held.added(placed.input)
  const divides = rounding.by === 'division'
  const view = new DataView(memory)
  writeBounds(held, view, address, placed)
  new Float32Array(memory, address + poolPlaces.ones, vectorBytes / floatBytes).fill(1)
  view.setInt32(address + poolPlaces.divides, divides ? 1 : 0, true)
  view.setInt32(address + poolPlaces.zeroPoint, divides ? inputZeroPoint : rounding.zeroPoint, true)
  view.setInt32(address + poolPlaces.zeroPoints, (inputZeroPoint - tooMuch) * height * width, true)
  if (divides) return
  view.setFloat32(address + poolPlaces.multiplier, rounding.multiplier, true)
  view.setFloat32(address + poolPlaces.offset, rounding.offset, true)
}
