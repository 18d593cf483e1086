import { advance, call, type FunctionRef, load, op, store } from '@mobilenetv2/assembler'
import { indexed } from '../../codegen/addresses.js'
import { type Finish, finishing, finishOf, splat } from '../../codegen/arithmetic.js'
import type { Emitter } from '../../codegen/emitter.js'
import { forEachUnit, repeat } from '../../codegen/loops.js'
import { blockBytes, channelBlock, floatBytes, lanes, paddedChannels, vectorBytes } from '../../memory-contract.js'
import type { KernelType } from '../kernel-type.js'

export interface PoolShape extends Finish {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** (input, output, residual): the mean of 8 channels, summed row by row, so that a large map loses no precision. */
function poolBlock(emitter: Emitter, shape: PoolShape): FunctionRef {
  const { height, width, channels } = shape
  return emitter.once('poolBlock', shape, 3, (local, input, output, residual) => {
    const pixelBytes = channels * floatBytes
    const vectors = [...Array(channelBlock / lanes).keys()].map((index) => ({
      offset: index * vectorBytes,
      total: local('v128'),
      row: local('v128'),
    }))
    const { set, result } = finishing(local, shape)
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
      ...vectors.map(({ total, offset }) => {
        const mean = op('f32x4.mul', total.get, splat(1 / (height * width)))
        return store('v128.store', output.get, result(mean, residual, offset), offset)
      }),
    ]
  })
}

/** The mean over height and width; a unit is 8 channels. */
export const globalAveragePool: KernelType<PoolShape> = {
  take({ layers: [layer] }) {
    if (layer?.kind !== 'globalAveragePool') return null
    const { height, width, channels } = layer.input
    return { layerCount: 1, shape: { height, width, channels: paddedChannels(channels), ...finishOf(layer) } }
  },
  needs: ({ channels }) => ({ units: channels / channelBlock, weights: [], scratchBytes: 0, zeroBytes: 0 }),
  emit: (emitter, shape, { input, output, residual, begin, end }) =>
    forEachUnit(begin, end, [
      call(
        poolBlock(emitter, shape),
        indexed(input.get, begin.get, blockBytes),
        indexed(output.get, begin.get, blockBytes),
        indexed(residual.get, begin.get, blockBytes),
      ),
    ]),
}
