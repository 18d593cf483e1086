import { call, plus } from '@mobilenetv2/assembler'
import { mapLayout } from '../../codegen/addresses.js'
import { forEachUnit } from '../../codegen/loops.js'
import type { KernelType } from '../kernel-type.js'
import { inputLayout } from '../window.js'
import { depthwiseRows } from './rows.js'
import { type DepthwiseShape, depthwisePixelBytes, depthwiseShape, depthwiseWeights } from './shape.js'

/** A depthwise convolution; a unit is an output row. */
export const depthwise: KernelType<DepthwiseShape> = {
  take: ({ layers: [layer], ...ahead }) =>
    layer?.kind === 'depthwise' ? { layerCount: 1, shape: depthwiseShape(layer, ahead) } : null,
  needs: (shape, numbers) => ({
    units: shape.outputHeight,
    weights: [depthwiseWeights(shape, numbers)],
    scratchBytes: 0,
    zeroBytes: inputLayout(shape).rowBytes,
  }),
  emit(emitter, shape, { input, weights, output, residual, begin, end }) {
    const { channels, outputWidth } = shape
    const layout = { channels, input: inputLayout(shape), output: mapLayout(outputWidth, depthwisePixelBytes(shape)) }
    const rows = depthwiseRows(emitter, shape, layout)
    return forEachUnit(begin, end, [call(rows, input.get, weights.get, output.get, residual.get, begin.get, plus(begin.get, 1))])
  },
}
