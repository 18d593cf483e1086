import { advance, type FunctionRef, load, op, store } from '@mobilenetv2/assembler'
import { channelBlock, floatBytes, lanes, type PoolShape } from '../planner/kernel.js'
import { type Emitter, layerResult, repeat, splat } from './emitter.js'

const vectorBytes = lanes * floatBytes

/** (input, output, residual): the mean of 8 channels, summed row by row, so that a large map loses no precision. */
export function poolBlock(emitter: Emitter, shape: PoolShape): FunctionRef {
  const { height, width, channels } = shape
  return emitter.once('poolBlock', shape, 3, (local, input, output, residual) => {
    const pixelBytes = channels * floatBytes
    const vectors = [...Array(channelBlock / lanes).keys()].map((index) => ({
      offset: index * vectorBytes,
      total: local('v128'),
      row: local('v128'),
    }))
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
      ...vectors.map(({ total, offset }) => {
        const mean = op('f32x4.mul', total.get, splat(1 / (height * width)))
        return store('v128.store', output.get, layerResult(shape, mean, residual, offset), offset)
      }),
    ]
  })
}
