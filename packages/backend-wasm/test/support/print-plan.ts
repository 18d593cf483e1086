import type { ConvolutionShape } from '../../src/kernels/convolution/convolution.js'
import type { DepthwiseShape } from '../../src/kernels/depthwise/shape.js'
import type { Kernel, KernelKind, KernelShapes } from '../../src/kernels/kernels.js'
import type { ProductShape } from '../../src/kernels/pointwise/product.js'
import { isConvolution } from '../../src/kernels/strips/shape.js'
import type { WindowShape } from '../../src/kernels/window.js'
import type { KernelCall, Plan, Region } from '../../src/plan/plan.js'

const residualMark = ({ addsResidual }: { addsResidual: boolean }): string => (addsResidual ? ' + residual' : '')

function windowText(window: WindowShape): string {
  const { kernelSize, stride, top, left, inputHeight, inputWidth, outputHeight, outputWidth, channels } = window
  const from = `${inputHeight}x${inputWidth}x${channels}`
  return `${from} -> ${outputHeight}x${outputWidth}, ${kernelSize}x${kernelSize}/${stride} from -${top},-${left}`
}

function productText(shape: ProductShape): string {
  return `${shape.pixels} pixels, ${shape.inputs} -> ${shape.outputs} ${shape.activation}${residualMark(shape)}`
}

function depthwiseText(shape: DepthwiseShape): string {
  return `depthwise ${windowText(shape)} ${shape.activation}${residualMark(shape)}`
}

function convolutionText({ window, product }: ConvolutionShape): string {
  return `convolution ${windowText(window)}, ${productText(product)}`
}

const texts: { readonly [Kind in KernelKind]: (shape: KernelShapes[Kind]) => string } = {
  pointwiseRows: ({ product }) => `pointwise rows, each ${productText(product)}`,
  pointwiseBlocks: (product) => `pointwise blocks, ${productText(product)}`,
  convolution: convolutionText,
  depthwise: depthwiseText,
  globalAveragePool: (pool) => `global average pool ${pool.height}x${pool.width}x${pool.channels}${residualMark(pool)}`,
  expandedDepthwise: ({ expansion, depthwise }) =>
    `expanded depthwise: expansion ${productText(expansion)}; ${depthwiseText(depthwise)}`,
  strips({ rows, expansion, depthwise, projection }) {
    const first =
      expansion === null ? [] : [isConvolution(expansion) ? convolutionText(expansion) : `expansion row ${productText(expansion)}`]
    return `strips of ${rows}: ${[...first, depthwiseText(depthwise), `projection row ${productText(projection)}`].join('; ')}`
  },
}

function kernelText<Kind extends KernelKind>({ kind, shape }: Kernel<Kind>): string {
  return texts[kind](shape)
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
