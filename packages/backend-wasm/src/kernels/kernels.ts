import type { FunctionRef } from '@mobilenetv2/assembler'
import type { BodyLayer } from '@mobilenetv2/runtime'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import type { Emitter } from '../codegen/emitter.js'
import type { Numbers } from '../numbers/numbers.js'
import { type ConvolutionShape, convolution } from './convolution/convolution.js'
import { depthwise } from './depthwise/depthwise.js'
import type { DepthwiseShape } from './depthwise/shape.js'
import { type ExpandedDepthwiseShape, expandedDepthwise } from './expanded-depthwise/expanded-depthwise.js'
import type { KernelNeeds, KernelType, LayersAhead } from './kernel-type.js'
import { pointwiseBlocks } from './pointwise/blocks.js'
import type { ProductShape } from './pointwise/product.js'
import { type PointwiseRowsShape, pointwiseRows } from './pointwise/rows.js'
import { globalAveragePool, type PoolShape } from './pool/pool.js'
import type { StripsShape } from './strips/shape.js'
import { strips } from './strips/strips.js'

export interface KernelShapes {
  readonly strips: StripsShape
  readonly expandedDepthwise: ExpandedDepthwiseShape
  readonly convolution: ConvolutionShape
  readonly depthwise: DepthwiseShape
  readonly globalAveragePool: PoolShape
  readonly pointwiseRows: PointwiseRowsShape
  readonly pointwiseBlocks: ProductShape
}

export type KernelKind = keyof KernelShapes

/** A description of one function of the generated module. */
export type Kernel<Kind extends KernelKind = KernelKind> = {
  readonly [Each in Kind]: { readonly kind: Each; readonly shape: KernelShapes[Each] }
}[Kind]

/** All kernels, in the order in which they are asked. The first one that takes the layers ahead gets them. */
const kernels: { readonly [Kind in KernelKind]: KernelType<KernelShapes[Kind]> } = {
  strips,
  expandedDepthwise,
  convolution,
  depthwise,
  globalAveragePool,
  pointwiseRows,
  pointwiseBlocks,
}

/** One kernel and the layers that it runs, first to last. */
export interface Step<Kind extends KernelKind = KernelKind> {
  readonly kernel: Kernel<Kind>
  readonly layers: readonly BodyLayer[]
}

function stepOf<Kind extends KernelKind>(kind: Kind, ahead: LayersAhead): Step<Kind> | null {
  const taken = kernels[kind].take(ahead)
  return taken && { kernel: { kind, shape: taken.shape }, layers: ahead.layers.slice(0, taken.layerCount) }
}

/**
 * The step that runs the first of the layers ahead. The kernel depends on sizes and on the tuning.
 * @throws MobileNetV2Error `BACKEND` if no kernel takes them
 */
export function nextStep(ahead: LayersAhead): Step {
  for (const kind of Object.keys(kernels) as KernelKind[]) {
    const step = stepOf(kind, ahead)
    if (step !== null) return step
  }
  throw new MobileNetV2Error('BACKEND', 'The wasm backend has no kernel for a layer.', { where: `layer ${ahead.layers[0]?.id}` })
}

export function needsOf<Kind extends KernelKind, Layer>(
  { kind, shape }: Kernel<Kind>,
  numbers: Numbers<Layer>,
): KernelNeeds<Layer> {
  return kernels[kind].needs(shape, numbers)
}

const parameterCount = 7

/** The function of a kernel. Its parameters are `KernelParameters`. */
export function emitKernel<Kind extends KernelKind>(emitter: Emitter, kernel: Kernel<Kind>): FunctionRef {
  const { kind, shape } = kernel
  return emitter.once('kernel', kernel, parameterCount, (local, input, weights, output, residual, scratch, begin, end) =>
    kernels[kind].emit(emitter, shape, { input, weights, output, residual, scratch, begin, end }, local),
  )
}
