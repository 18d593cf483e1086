import { call, plus } from '@mobilenetv2/assembler'
import { mapLayout } from '../../codegen/addresses.js'
import { forEachUnit } from '../../codegen/loops.js'
import type { KernelType } from '../kernel-type.js'
import { inputLayout } from '../window.js'
import { depthwiseRows } from './rows.js'
import { type DepthwiseShape, depthwiseShape, depthwiseWeights } from './shape.js'

/** A depthwise convolution; a unit is an output row. */
export const depthwise: KernelType<DepthwiseShape> = {
  take: ({ layers: [layer], tuning }) =>
    layer?.kind === 'depthwise' ? { layerCount: 1, shape: depthwiseShape(layer, tuning) } : null,
  needs: (shape) => ({
    units: shape.outputHeight,
    weights: [depthwiseWeights(shape)],
    scratchBytes: 0,
    zeroBytes: inputLayout(shape).rowBytes,
  }),
  emit(emitter, shape, { input, weights, output, residual, begin, end }) {
    const { channels, outputWidth } = shape
    const layout = { channels, input: inputLayout(shape), output: mapLayout(outputWidth, channels) }
    const rows = depthwiseRows(emitter, shape, layout)
    return forEachUnit(begin, end, [call(rows, input.get, weights.get, output.get, residual.get, begin.get, plus(begin.get, 1))])
  },
}
