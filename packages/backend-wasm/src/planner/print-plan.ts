import type { ConvolutionShape, DepthwiseShape, Kernel, PointwiseShape, WindowShape } from './kernel.js'
import type { KernelCall, Plan, Region } from './plan.js'
import { isConvolution } from './sizes.js'

const residualMark = ({ addsResidual }: { addsResidual: boolean }): string => (addsResidual ? ' + residual' : '')

function windowText({
  kernelSize,
  stride,
  top,
  left,
  inputHeight,
  inputWidth,
  outputHeight,
  outputWidth,
  channels,
}: WindowShape): string {
  const from = `${inputHeight}x${inputWidth}x${channels}`
  return `${from} -> ${outputHeight}x${outputWidth}, ${kernelSize}x${kernelSize}/${stride} from -${top},-${left}`
}

function productText(shape: PointwiseShape): string {
  return `${shape.pixels} pixels, ${shape.inputs} -> ${shape.outputs} ${shape.activation}${residualMark(shape)}`
}

function depthwiseText(shape: DepthwiseShape): string {
  return `depthwise ${windowText(shape)} ${shape.activation}${residualMark(shape)}`
}

function convolutionText({ window, product }: ConvolutionShape): string {
  return `convolution ${windowText(window)}, ${productText(product)}`
}

function kernelText(kernel: Kernel): string {
  switch (kernel.kind) {
    case 'pointwiseRows':
      return `pointwise rows, each ${productText(kernel.product)}`
    case 'pointwiseBlocks':
      return `pointwise blocks, ${productText(kernel.product)}`
    case 'convolution':
      return convolutionText(kernel.convolution)
    case 'depthwise':
      return depthwiseText(kernel.depthwise)
    case 'globalAveragePool': {
      const { height, width, channels } = kernel.pool
      return `global average pool ${height}x${width}x${channels}${residualMark(kernel.pool)}`
    }
    case 'expandedDepthwise':
      return `expanded depthwise: expansion ${productText(kernel.expansion)}; ${depthwiseText(kernel.depthwise)}`
    case 'strips': {
      const { rows, expansion, depthwise, projection } = kernel
      const first =
        expansion === null
          ? []
          : [isConvolution(expansion) ? convolutionText(expansion) : `expansion row ${productText(expansion)}`]
      return `strips of ${rows}: ${[...first, depthwiseText(depthwise), `projection row ${productText(projection)}`].join('; ')}`
    }
    default:
      return kernel satisfies never
  }
}

function regionText(name: string, { address, bytes }: Region): string {
  return `${name.padEnd(11)} at ${address}, ${bytes} bytes`
}

function callText({ layers, kernel, units, input, weights, output, residual }: KernelCall): string {
  const added = residual === 0 ? '' : ` + ${residual}`
  return `${layers.join(' + ')}: ${input} -> ${output}${added}, weights ${weights}, ${units} units\n    ${kernelText(kernel)}`
}

/** A plan as text: the map of the memory, then a call a paragraph with its addresses and what its kernel does. */
export function printPlan({ zeros, weights, activations, scratch, pages, calls }: Plan): string {
  const regions = Object.entries({ zeros, weights, activations, scratch }).map(([name, region]) => regionText(name, region))
  return [`${pages} pages of 64 KiB`, ...regions, ...calls.map(callText)].join('\n')
}
