import { paddedChannels } from '../../memory-contract.js'
import { convolutionShape } from '../convolution/convolution.js'
import { depthwiseShape, depthwiseWeights } from '../depthwise/shape.js'
import type { KernelType } from '../kernel-type.js'
import { productWeights, rowProduct } from '../pointwise/product.js'
import { inputLayout } from '../window.js'
import { emitStrips } from './emit.js'
import { channelsTogether, expansionWeights, isConvolution, type StripsShape, stripScratch } from './shape.js'

/**
 * A whole inverted residual block of a large map, in strips of a few output rows (section 5.1 of the paper). Of the expanded tensor only
 * the rows under the windows of a strip exist, in a ring buffer. A unit is an output row.
 */
export const strips: KernelType<StripsShape> = {
  take({ layers, added, ...input }) {
    const expansion = layers[0]?.kind === 'pointwise' || layers[0]?.kind === 'convolution' ? layers[0] : null
    const [depthwise, projection] = expansion === null ? layers : layers.slice(1)
    if (depthwise?.kind !== 'depthwise' || projection?.kind !== 'pointwise') return null
    const { tuning } = input
    if (depthwise.input.width < tuning.narrowestRows) return null
    const inner = expansion === null ? [depthwise] : [expansion, depthwise]
    if (inner.some((layer) => layer.residual !== null || added.has(layer.id))) return null
    const expandedBytes = expansion === null ? input.inputBytes : input.numbers.expandedBytes
    const shape = {
      rows: Math.max(1, Math.floor(tuning.rowsMadeByStrip / depthwise.stride)),
      expansion:
        expansion?.kind === 'convolution'
          ? convolutionShape(expansion, input, expandedBytes)
          : expansion && rowProduct(expansion, input, expandedBytes),
      depthwise: depthwiseShape(depthwise, input, expandedBytes),
      projection: rowProduct(projection, {
        ...input,
        inputStride: paddedChannels(depthwise.output.channels),
        inputBytes: input.numbers.valueBytes,
      }),
    }
    return { layerCount: inner.length + 1, shape }
  },
  needs(shape, numbers) {
    const { expansion, depthwise, projection } = shape
    const ofPicture = expansion !== null && isConvolution(expansion) ? inputLayout(expansion.window).rowBytes : 0
    const ofMap = depthwise.inputWidth * channelsTogether(shape) * depthwise.inputBytes
    return {
      units: depthwise.outputHeight,
      weights: [
        ...(expansion === null ? [] : [expansionWeights(expansion, numbers)]),
        depthwiseWeights(depthwise, numbers),
        productWeights(projection, numbers),
      ],
      scratchBytes: stripScratch(shape).bytes,
      zeroBytes: Math.max(ofPicture, ofMap),
    }
  },
  emit: emitStrips,
}
