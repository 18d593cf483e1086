import { call } from '@mobilenetv2/assembler'
import { indexed } from '../../codegen/addresses.js'
import { type Finish, finishOf } from '../../codegen/arithmetic.js'
import { forEachUnit } from '../../codegen/loops.js'
import { channelBlock, paddedChannels } from '../../memory-contract.js'
import type { KernelType } from '../kernel-type.js'

export interface PoolShape extends Finish {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** The mean over height and width; a unit is 8 channels. */
export const globalAveragePool: KernelType<PoolShape> = {
  take({ layers: [layer], numbers }) {
    if (layer?.kind !== 'globalAveragePool') return null
    const { height, width, channels } = layer.input
    const shape = { height, width, channels: paddedChannels(channels), ...finishOf(layer, numbers.valueBytes, numbers) }
    return { layerCount: 1, shape }
  },
  needs: (shape, { pool }) => ({
    units: shape.channels / channelBlock,
    weights:
      pool.bytes === 0 ? [] : [{ bytes: pool.bytes, pack: (layer, memory, address) => pool.pack(layer, shape, memory, address) }],
    scratchBytes: 0,
    zeroBytes: 0,
  }),
  emit(emitter, shape, { input, weights, output, residual, begin, end }) {
    const poolBlock = emitter.once('poolBlock', shape, 4, (local, from, constants, to, added) =>
      emitter.numbers.pool.emit(local, shape, from, constants, to, added),
    )
    const blockBytes = channelBlock * shape.outputBytes
    return forEachUnit(begin, end, [
      call(
        poolBlock,
        indexed(input.get, begin.get, blockBytes),
        weights.get,
        indexed(output.get, begin.get, blockBytes),
        indexed(residual.get, begin.get, blockBytes),
      ),
    ])
  },
}
