import type { Architecture, Layer, LayerId, Shape } from './architecture.js'

const bytesPerValue = 4

/** Activations that must exist at once while one step of the network runs. */
export interface ActivationStep {
  /** The layers of the step: one, or those of a block. */
  readonly layers: readonly LayerId[]
  /** Bytes of float32 for one picture: the step's input and output, and what a later residual still needs. */
  readonly bytes: number
}

/** The activation memory of a network. */
export interface ActivationMemory {
  /** The steps in the order in which they run. */
  readonly steps: readonly ActivationStep[]
  /** Bytes of the step that needs most. */
  readonly peakBytes: number
}

function bytesOf({ height, width, channels }: Shape): number {
  return height * width * channels * bytesPerValue
}

function groupByBlock(layers: readonly Layer[]): Layer[][] {
  const groups: Layer[][] = []
  for (const layer of layers) {
    const group = groups.at(-1)
    if (group !== undefined && layer.block !== null && group[0]?.block === layer.block) group.push(layer)
    else groups.push([layer])
  }
  return groups
}

/**
 * The activation memory that inference needs for one picture, in float32 (section 5.1 of the paper).
 * @param granularity what one step is. With `layer`, the output of every layer exists as a whole. With `block`, only a block's input and
 * output do: its expanded tensors are computed and consumed in pieces. As in the paper, the pieces are not counted.
 * @example
 * ```ts
 * import { activationMemory, defineMobileNetV2 } from '@mobilenetv2/spec'
 *
 * activationMemory(defineMobileNetV2(), 'layer').peakBytes // => 6021120
 * activationMemory(defineMobileNetV2(), 'block').peakBytes // => 2408448
 * ```
 */
export function activationMemory(architecture: Architecture, granularity: 'layer' | 'block'): ActivationMemory {
  const { layers } = architecture
  const steps = granularity === 'layer' ? layers.map((layer) => [layer]) : groupByBlock(layers)
  const stepOf = new Map(steps.flatMap((step, index) => step.map((layer) => [layer.id, index] as const)))
  const lastReader = new Map<LayerId, number>()
  layers.forEach((layer, index) => {
    const step = stepOf.get(layer.id) ?? 0
    const previous = layers[index - 1]
    if (previous !== undefined) lastReader.set(previous.id, Math.max(step, lastReader.get(previous.id) ?? 0))
    if (layer.residual !== null) lastReader.set(layer.residual, Math.max(step, lastReader.get(layer.residual) ?? 0))
  })
  // The network's input is made before the first step, and its result is read after the last one.
  const tensors = [{ bytes: bytesOf(architecture.input), made: -1, lastUse: 0 }]
  for (const { id, output } of layers) {
    const made = stepOf.get(id) ?? 0
    const lastUse = lastReader.get(id) ?? steps.length
    if (lastUse > made) tensors.push({ bytes: bytesOf(output), made, lastUse })
  }
  const result = steps.map((step, index) => ({
    layers: step.map((layer) => layer.id),
    bytes: tensors
      .filter(({ made, lastUse }) => made <= index && lastUse >= index)
      .reduce((total, tensor) => total + tensor.bytes, 0),
  }))
  return { steps: result, peakBytes: Math.max(...result.map(({ bytes }) => bytes)) }
}
