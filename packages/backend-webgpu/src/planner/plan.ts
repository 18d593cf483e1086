import { type BodyArchitecture, roundUp } from '@mobilenetv2/runtime'
import { inputLength, isWeighted, type Layer, type LayerId, type OutputName, type WeightedLayer } from '@mobilenetv2/spec'
import { type Kernel, lanes, type Scalar, vectorBytes, vectorsOf } from './kernel.js'
import { checkStep, offsetAlignment, picturesAtOnce } from './limits.js'
import { assignSlots } from './slots.js'
import { planSteps, type Step } from './steps.js'
import type { Target } from './tiles.js'

/** A part of the buffer that holds all weights. */
export interface Region {
  readonly offset: number
  readonly bytes: number
}

/** One dispatch. Slots are indices into `Plan.slots`. */
export interface PlannedStep {
  readonly layers: readonly LayerId[]
  readonly kernel: Kernel
  /** The slot of the input; null if the step reads the picture. */
  readonly input: number | null
  readonly output: number
  /** The slot of the residual that is added; null if there is none. */
  readonly shortcut: number | null
  /** Null if the step has no weights. */
  readonly weights: Region | null
}

/** Where a layer's weights are placed: a row for the bias, then the rows of the kernel, each padded to whole vectors. */
export interface PackedWeights {
  readonly layer: WeightedLayer
  readonly offset: number
  /** The rows of the kernel, including rows of zeros for padded input channels. */
  readonly rows: number
  readonly vectors: number
}

/** Where a result is after the run: `channels` float32 for each pixel, padded to `stride`, in a slot. */
export interface Result {
  readonly slot: number
  /** The pixels of one picture: 1, unless the network is cut before its pool. */
  readonly pixels: number
  readonly channels: number
  readonly stride: number
  /** The number of steps that must run for it. */
  readonly steps: number
}

/** Everything that is decided before code is generated. Bytes of slots are for one picture. */
export interface Plan {
  readonly scalar: Scalar
  readonly steps: readonly PlannedStep[]
  readonly slots: readonly number[]
  readonly packed: readonly PackedWeights[]
  readonly weightBytes: number
  readonly pictureBytes: number
  /** The most pictures in one submission. A larger batch takes several submissions. */
  readonly picturesAtOnce: number
  /** The result of each output; null if the architecture does not have the output. */
  readonly results: Readonly<Record<OutputName, Result | null>>
}

/** The rows of a packed kernel. A pointwise kernel has additional rows of zeros for padded input channels. */
function kernelRows(layer: WeightedLayer): number {
  switch (layer.kind) {
    case 'pointwise':
    case 'dense':
      return vectorsOf(layer.input.channels) * lanes
    case 'depthwise':
      return layer.kernelSize ** 2
    case 'convolution':
      return layer.kernelSize ** 2 * layer.input.channels
    default:
      return layer satisfies never
  }
}

/** Places the weights of each step. The weights of a step's layers follow each other. */
function placeWeights(
  steps: readonly Step[],
  scalar: Scalar,
): { packed: PackedWeights[]; regions: (Region | null)[]; bytes: number } {
  const packed: PackedWeights[] = []
  let end = 0
  const regions = steps.map(({ layers }) => {
    const offset = end
    for (const layer of layers.filter(isWeighted)) {
      const placed = { layer, offset: end, rows: kernelRows(layer), vectors: vectorsOf(layer.output.channels) }
      packed.push(placed)
      end += vectorBytes((placed.rows + 1) * placed.vectors, scalar)
    }
    const bytes = end - offset
    end = roundUp(end, offsetAlignment)
    return bytes === 0 ? null : { offset, bytes }
  })
  return { packed, regions, bytes: end }
}

function isResult(layer: Layer, index: number, count: number): boolean {
  return layer.kind === 'globalAveragePool' || index === count - 1
}

/**
 * Plans the run of an architecture: kernels, buffers and weights.
 * @throws MobileNetV2Error `BACKEND` if no kernel can run a layer, or if WebGPU's default limits are too low
 */
export function planModel(architecture: BodyArchitecture, scalar: Scalar, target: Target): Plan {
  const steps = planSteps(architecture, scalar, target)
  const { packed, regions, bytes: weightBytes } = placeWeights(steps, scalar)
  const lasts = steps.map(({ layers }) => layers.at(-1)!)
  const lastAdded = new Map(lasts.map(({ residual }, step) => [residual, step]))
  const tensors = steps.map(({ kernel, layers }, step) => {
    const { id, output } = layers.at(-1)!
    return {
      bytes: vectorBytes(output.height * output.width * vectorsOf(output.channels), kernel.output),
      firstStep: step,
      lastStep: isResult(layers.at(-1)!, step, steps.length) ? steps.length : Math.max(step + 1, lastAdded.get(id) ?? 0),
    }
  })
  const { slotOf, bytes: slots } = assignSlots(tensors)
  const stepOf = new Map(lasts.map(({ id }, step) => [id, step]))
  const planned = steps.map(({ kernel, layers }, step): PlannedStep => {
    const { residual } = layers.at(-1)!
    return {
      layers: layers.map(({ id }) => id),
      kernel,
      input: step === 0 ? null : slotOf[step - 1]!,
      output: slotOf[step]!,
      shortcut: residual === null ? null : slotOf[stepOf.get(residual)!]!,
      weights: regions[step]!,
    }
  })
  const pictureBytes = 4 * inputLength(architecture)
  planned.forEach((step, index) => {
    checkStep(step, tensors[index]!.bytes)
  })
  const resultOf = (step: number): Result | null => {
    const layer = lasts[step]
    if (layer === undefined) return null
    const { height, width, channels } = layer.output
    return { slot: slotOf[step]!, pixels: height * width, channels, stride: vectorsOf(channels) * lanes, steps: step + 1 }
  }
  return {
    scalar,
    steps: planned,
    slots,
    packed,
    weightBytes,
    pictureBytes,
    picturesAtOnce: picturesAtOnce(pictureBytes, slots, weightBytes),
    results: {
      logits: resultOf(lasts.length - 1),
      features: resultOf(lasts.findLastIndex(({ kind }) => kind === 'globalAveragePool')),
    },
  }
}
