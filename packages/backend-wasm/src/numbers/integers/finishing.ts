import { type Code, type Local, load, type NewLocal, op, store } from '@mobilenetv2/assembler'
import { type Finish, splat } from '../../codegen/arithmetic.js'
import { floatBytes, lanes, vectorBytes } from '../../memory-contract.js'
import type { Finishing, FinishPlaces } from '../numbers.js'
import type { Held } from './held.js'
import { bounds, rounder } from './places.js'

/** Adds the residual to integers in fixed point, four integers in each vector. */
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

/** Multiplies sums by their multipliers, clamps them to the bounds, rounds them to integers, and adds the residual. */
export function finishing(
  { bytes, readFour, storeIntegers }: Held,
  local: NewLocal,
  { addsResidual, outputBytes, saturates }: Finish,
  { base, vectors: count, bias, multipliers }: FinishPlaces,
): Finishing {
  const splatted = (place: number) => {
    const held = local('v128')
    return { get: held.get, set: held.set(load('v128.load32_splat', base.get, place)) }
  }
  const staysFloat = outputBytes === floatBytes
  const times = Array.from({ length: count }, () => local('v128'))
  const rounding = local('v128')
  const held = saturates ? [] : [splatted(bounds.least), splatted(bounds.most)]
  const takenOff = staysFloat ? [] : [splatted(bounds.takenOff)]
  const addition = addsResidual ? addResidual(local, base) : null
  const added = addition === null || bytes !== 1 ? [] : [splatted(bounds.offset)]
  const apply = (name: 'i32x4.add' | 'i32x4.sub', value: Code<'v128'>, operands: readonly { readonly get: Code<'v128'> }[]) =>
    operands.reduce((sum, { get }) => op(name, sum, get), value)
  return {
    set: [
      ...times.map((vector, v) => vector.set(load('v128.load', base.get, multipliers(v)))),
      ...[...held, ...takenOff, ...added].map(({ set }) => set),
      ...(staysFloat ? [] : [rounding.set(splat(rounder))]),
      ...(addition?.set ?? []),
    ],
    store(pixels, output, residual) {
      const results = pixels.flatMap(({ vectors, offset: pixel }) => vectors.map((sum, v) => ({ sum, v, pixel })))
      const whole = ({ sum, v, pixel }: (typeof results)[number]): Code<'v128'> => {
        const total = bias === null ? sum.get : op('i32x4.add', sum.get, load('v128.load', base.get, bias(v)))
        const scaled = op('f32x4.mul', op('f32x4.convert_i32x4_s', total), times[v]!.get)
        const [least, most] = held
        const within = least && most ? op('f32x4.pmin', op('f32x4.pmax', scaled, least.get), most.get) : scaled
        if (staysFloat) return op('f32x4.nearest', within)
        const integer = apply('i32x4.sub', op('f32x4.add', within, rounding.get), takenOff)
        if (addition === null) return integer
        return apply('i32x4.add', addition.sum(integer, readFour(residual, pixel + v * lanes * outputBytes)), added)
      }
      return [
        ...results.map((result) => result.sum.set(whole(result))),
        ...pixels.flatMap(({ vectors, offset: pixel }) =>
          staysFloat
            ? vectors.map((sum, v) => store('v128.store', output.get, sum.get, pixel + v * vectorBytes))
            : vectors.flatMap((low, v) =>
                v % 2 === 1 ? [] : [storeIntegers(output, low.get, vectors[v + 1]?.get ?? null, pixel + v * lanes * outputBytes)],
              ),
        ),
      ]
    },
  }
}
