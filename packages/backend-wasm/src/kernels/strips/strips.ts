import { blockBytes, paddedChannels } from '../../memory-contract.js'
import { convolutionShape } from '../convolution/convolution.js'
import { depthwiseShape, depthwiseWeights } from '../depthwise/shape.js'
import { type KernelType, narrowestRows } from '../kernel-type.js'
import { productWeights, rowProduct } from '../pointwise/product.js'
import { inputLayout } from '../window.js'
import { emitStrips } from './emit.js'
import { expansionWeights, isConvolution, type StripsShape, stripScratch } from './shape.js'

/** Expanded rows that a strip makes anew; more of them take more memory and gain nothing. */
const rowsMadeByStrip = 2

/**
 * A whole inverted residual block of a large map, in strips of a few output rows (section 5.1 of the paper): the expanded tensor is
 * never more than the rows under their windows, in a ring. A unit is an output row.
 */
export const strips: KernelType<StripsShape> = {
  take({ layers, inputStride, added }) {
    const expansion = layers[0]?.kind === 'pointwise' || layers[0]?.kind === 'convolution' ? layers[0] : null
    const [depthwise, projection] = expansion === null ? layers : layers.slice(1)
    if (depthwise?.kind !== 'depthwise' || projection?.kind !== 'pointwise') return null
    if (depthwise.input.width < narrowestRows) return null
    const inner = expansion === null ? [depthwise] : [expansion, depthwise]
    if (inner.some((layer) => layer.residual !== null || added.has(layer.id))) return null
    const shape = {
      rows: Math.max(1, Math.floor(rowsMadeByStrip / depthwise.stride)),
      expansion:
        expansion?.kind === 'convolution'
          ? convolutionShape(expansion, inputStride)
          : expansion && rowProduct(expansion, inputStride),
      depthwise: depthwiseShape(depthwise),
      projection: rowProduct(projection, paddedChannels(depthwise.output.channels)),
    }
    return { layerCount: inner.length + 1, shape }
  },
  needs(shape) {
    const { expansion, depthwise, projection } = shape
    const ofPicture = expansion !== null && isConvolution(expansion) ? inputLayout(expansion.window).rowBytes : 0
    const ofMap = expansion === null ? inputLayout(depthwise).rowBytes : depthwise.inputWidth * blockBytes
    return {
      units: depthwise.outputHeight,
      weights: [
        ...(expansion === null ? [] : [expansionWeights(expansion)]),
        depthwiseWeights(depthwise),
        productWeights(projection),
      ],
      scratchBytes: stripScratch(shape).bytes,
      zeroBytes: Math.max(ofPicture, ofMap),
    }
  },
  emit: emitStrips,
}
