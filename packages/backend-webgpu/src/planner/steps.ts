import type { BodyArchitecture, BodyLayer } from '@mobilenetv2/runtime'
import {
  type ConvolutionLayer,
  type DepthwiseLayer,
  type GlobalAveragePoolLayer,
  type LayerId,
  MobileNetV2Error,
  type PointwiseLayer,
} from '@mobilenetv2/spec'
import { expansionTile, invocations } from './expansion.js'
import { type Kernel, lanes, type MapSizes, type Scalar, type Tile, vectorsOf, type Window } from './kernel.js'
import { poolGrid, productGrid, type Target, windowGrid } from './tiles.js'

/** One kernel and the layers that it runs, first to last. */
export interface Step {
  readonly kernel: Kernel
  readonly layers: readonly BodyLayer[]
}

/** The largest window. The code for larger windows would be too long, because their loops are unrolled. */
const largestKernel = 7

/** The pixels whose sums one invocation computes at once, before it adds them to a mean. */
const pooledPixels = 4

/** By stride: how many pixels of a row one invocation of a window kernel may take, the best number first. */
const windowTiles: Readonly<Record<number, readonly number[]>> = { 1: [4, 2], 2: [2] }

function refuse(layer: BodyLayer, expected: string, got: string): never {
  throw new MobileNetV2Error('BACKEND', 'The webgpu backend cannot run a layer.', { where: `layer ${layer.id}`, expected, got })
}

function windowOf(layer: ConvolutionLayer | DepthwiseLayer): Window {
  if (layer.kernelSize > largestKernel) refuse(layer, `a kernel size of at most ${largestKernel}`, String(layer.kernelSize))
  return { kernelSize: layer.kernelSize, stride: layer.stride }
}

function mapSizes({ input, output, padding }: ConvolutionLayer | DepthwiseLayer, { pixels }: Tile): MapSizes & { tiles: number } {
  return {
    inputHeight: input.height,
    inputWidth: input.width,
    outputHeight: output.height,
    outputWidth: output.width,
    top: padding.top,
    left: padding.left,
    tiles: Math.ceil(output.width / pixels),
  }
}

/** The types of the numbers in the buffers of a layer. */
interface Scalars {
  readonly input: Scalar
  readonly weights: Scalar
  readonly output: Scalar
  readonly shortcut: Scalar | null
}

function kernelOf(layer: BodyLayer, scalars: Scalars, target: Target): Kernel {
  const { activation } = layer
  switch (layer.kind) {
    case 'pointwise':
    case 'dense': {
      const pixels = layer.output.height * layer.output.width
      const inputs = vectorsOf(layer.input.channels)
      const outputs = vectorsOf(layer.output.channels)
      const grid = productGrid(pixels, inputs, outputs, target)
      return { kind: 'pointwise', activation, ...scalars, ...grid, sizes: { pixels, inputs, outputs } }
    }
    case 'convolution': {
      const window = windowOf(layer)
      const outputs = vectorsOf(layer.output.channels)
      const tiles = { tiles: windowTiles[1] ?? [], vectors: outputs % 2 === 0 ? 2 : 1 }
      const { splits: _, ...grid } = windowGrid(layer.output, outputs, tiles, target)
      const sizes = { ...mapSizes(layer, grid.tile), outputs }
      return { kind: 'convolution', window, channels: layer.input.channels, activation, ...scalars, ...grid, sizes }
    }
    case 'depthwise': {
      const window = windowOf(layer)
      const channels = vectorsOf(layer.output.channels)
      const tiles = { tiles: windowTiles[layer.stride] ?? [], vectors: 1 }
      const { splits: _, ...grid } = windowGrid(layer.output, channels, tiles, target)
      return { kind: 'depthwise', window, activation, ...scalars, ...grid, sizes: { ...mapSizes(layer, grid.tile), channels } }
    }
    case 'globalAveragePool': {
      const pixels = layer.input.height * layer.input.width
      const channels = vectorsOf(layer.input.channels)
      const { tile: _, ...grid } = poolGrid(pixels, channels, 1, target)
      const { weights: __, ...rest } = scalars
      return { kind: 'globalAveragePool', activation, ...rest, ...grid, sizes: { pixels, channels } }
    }
    default:
      return layer satisfies never
  }
}

/** The kernel that fuses a pointwise layer with the pool that is its only reader. */
function pooledKernel(layer: PointwiseLayer, pool: GlobalAveragePoolLayer, scalars: Scalars, target: Target): Kernel {
  const pixels = layer.output.height * layer.output.width
  const inputs = vectorsOf(layer.input.channels)
  const outputs = vectorsOf(layer.output.channels)
  const grid = poolGrid(pixels, outputs, pooledPixels, target)
  const { activation: inner } = layer
  const { activation } = pool
  return { kind: 'pointwisePool', inner, activation, ...scalars, ...grid, sizes: { pixels, inputs, outputs } }
}

/** The kernel that fuses an expansion with the depthwise layer that is its only reader; null if fusing does not pay. */
function expandingKernel(expansion: PointwiseLayer, depthwise: DepthwiseLayer, scalars: Scalars): Kernel | null {
  const square = expansionTile(expansion, depthwise)
  if (square === null) return null
  const { side, expandedSide, pixels, vectors, tilesAcross, tilesDown } = square
  const channels = vectorsOf(expansion.output.channels)
  const { tiles: _, ...maps } = mapSizes(depthwise, { pixels, vectors })
  return {
    kind: 'expandDepthwise',
    inner: expansion.activation,
    activation: depthwise.activation,
    window: windowOf(depthwise),
    side,
    expandedSide,
    tile: { pixels, vectors },
    ...scalars,
    workgroup: [invocations, 1, 1],
    groups: [channels / vectors, tilesAcross * tilesDown],
    sizes: { ...maps, inputs: vectorsOf(expansion.input.channels), channels, tiles: tilesAcross },
  }
}

/** The kernels that run an architecture, in order. The picture, the features and the logits are always float32. */
export function planSteps(architecture: BodyArchitecture, scalar: Scalar, target: Target): Step[] {
  const { layers } = architecture
  const first = layers[0]
  if (first === undefined) throw new MobileNetV2Error('BACKEND', 'The architecture has no layers.')
  if (first.kind !== 'convolution') refuse(first, 'a convolution as the first layer', first.kind)
  if (first.input.channels > lanes) refuse(first, `at most ${lanes} channels in the picture`, String(first.input.channels))
  const later = layers.slice(1).find(({ kind }) => kind === 'convolution')
  if (later !== undefined) refuse(later, 'a convolution as the first layer only', 'one that reads an activation')
  const added = new Set(layers.flatMap(({ residual }) => residual ?? []))
  const scalarOf = new Map<LayerId, Scalar>()
  const steps: Step[] = []
  let input: Scalar = 'f32'
  const scalarsOf = (last: BodyLayer): Scalars => ({
    input,
    weights: scalar,
    output: last.kind === 'globalAveragePool' || last === layers.at(-1) ? 'f32' : scalar,
    shortcut: last.residual === null ? null : (scalarOf.get(last.residual) ?? null),
  })
  const fused = (layer: BodyLayer, next: BodyLayer | undefined): Kernel | null => {
    if (layer.kind !== 'pointwise' || layer.residual !== null || added.has(layer.id)) return null
    if (next?.kind === 'globalAveragePool') return pooledKernel(layer, next, scalarsOf(next), target)
    if (next?.kind === 'depthwise' && target.adapter === 'hardware') return expandingKernel(layer, next, scalarsOf(next))
    return null
  }
  for (let index = 0; index < layers.length; ) {
    const layer = layers[index]!
    const next = layers[index + 1]
    const both = fused(layer, next)
    const last = both === null ? layer : next!
    const { output } = scalarsOf(last)
    steps.push(
      both === null
        ? { kernel: kernelOf(layer, scalarsOf(layer), target), layers: [layer] }
        : { kernel: both, layers: [layer, last] },
    )
    scalarOf.set(last.id, output)
    input = output
    index += steps.at(-1)!.layers.length
  }
  return steps
}
