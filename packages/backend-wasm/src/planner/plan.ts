import { type BodyArchitecture, roundUp } from '@mobilenetv2/runtime'
import { isWeighted, type LayerId, MobileNetV2Error, type Shape, type WeightedLayer } from '@mobilenetv2/spec'
import { type Buffer, placeBuffers } from './arena.js'
import { countsBytes } from './counts.js'
import { type DepthwiseShape, floatBytes, type Kernel, type PointwiseShape } from './kernel.js'
import { type KernelNeeds, needsOf } from './needs.js'
import { alignment, weightBytes } from './sizes.js'
import { paddedChannels, pictureChannels, planSteps, type Step } from './steps.js'

/** One call of a kernel; addresses are bytes from the start of the memory. */
export interface KernelCall {
  readonly layers: readonly LayerId[]
  readonly kernel: Kernel
  readonly units: number
  readonly input: number
  readonly weights: number
  readonly output: number
  /** 0 where nothing is added. */
  readonly residual: number
}

/** Where a layer's weights go; the shape that they have in the kernel says how they are packed. */
export interface PackedWeights {
  readonly layer: WeightedLayer
  readonly address: number
  readonly shape: PointwiseShape | DepthwiseShape
}

/** A tensor that the caller reads or writes: `pixels` times `channels` floats, of which each pixel takes `stride`. */
export interface External {
  readonly address: number
  readonly pixels: number
  readonly channels: number
  readonly stride: number
}

export interface Region {
  readonly address: number
  readonly bytes: number
}

/** Scratch of all threads: thread t has its own from `address` + t * `bytesOfThread` on. */
export interface Scratch extends Region {
  readonly bytesOfThread: number
}

/** Everything that is decided before code is written: the map of the memory and the calls for one picture. */
export interface Plan {
  readonly calls: readonly KernelCall[]
  readonly packed: readonly PackedWeights[]
  readonly picture: External
  readonly logits: External
  /** The pooled activation, and how many calls it takes; null where the architecture has no pool. */
  readonly features: (External & { readonly calls: number }) | null
  readonly zeros: Region
  readonly weights: Region
  readonly activations: Region
  readonly scratch: Scratch
  /** Where the threads' counts are. */
  readonly counts: number
  /** 64 KiB pages of memory that the regions take. */
  readonly pages: number
}

export const pageBytes = 65536
const mostBytes = 2 ** 32 - pageBytes
/** Tiles of a larger window would be code without end. */
const largestKernel = 15
/** Bytes behind a scratch, which follows all other buffers, that a vector may read beyond it. */
const overread = 16

function refuseUnsupported(architecture: BodyArchitecture): void {
  if (architecture.layers.length === 0) throw new MobileNetV2Error('BACKEND', 'The architecture has no layers.')
  for (const layer of architecture.layers) {
    if ('kernelSize' in layer && layer.kernelSize > largestKernel) {
      throw new MobileNetV2Error('BACKEND', 'The wasm backend cannot run a layer with so large a kernel.', {
        where: `layer ${layer.id}`,
        expected: `a kernel size of at most ${largestKernel}`,
        got: String(layer.kernelSize),
      })
    }
  }
}

/** Addresses of each step's weights, those of its layers one behind the other. */
function placeWeights(
  steps: readonly Step[],
  needs: readonly KernelNeeds[],
  start: number,
): { packed: PackedWeights[]; addresses: number[]; end: number } {
  const packed: PackedWeights[] = []
  let end = start
  const addresses = steps.map(({ layers }, step) => {
    const address = roundUp(end, alignment)
    end = address
    const weighted = layers.filter(isWeighted)
    needs[step]!.weighted.forEach((shape, index) => {
      packed.push({ layer: weighted[index]!, address: end, shape })
      end += weightBytes(shape)
    })
    return address
  })
  return { packed, addresses, end: roundUp(end, alignment) }
}

/** The picture, then each step's output: until its last reader, and what the caller reads until the end. */
function activationBuffers(steps: readonly Step[], picture: Shape, pictureStride: number): Buffer[] {
  const pictureBuffer = { bytes: picture.height * picture.width * pictureStride * floatBytes, firstCall: 0, lastCall: 0 }
  const lastAdded = new Map(steps.map(({ residual }, call) => [residual, call]))
  const outputs = steps.map((step, call) => {
    const { id, kind, output } = step.layers.at(-1)!
    const isResult = kind === 'globalAveragePool' || call === steps.length - 1
    return {
      bytes: output.height * output.width * paddedChannels(output.channels) * floatBytes,
      firstCall: call,
      lastCall: isResult ? steps.length - 1 : Math.max(call + 1, lastAdded.get(id) ?? 0),
    }
  })
  return [pictureBuffer, ...outputs]
}

function external(address: number, { height, width, channels }: Shape, stride: number): External {
  return { address, pixels: height * width, channels, stride }
}

/**
 * Plans one picture's way through an architecture, on a number of threads that share each call's units.
 * @throws MobileNetV2Error `BACKEND` where a layer has a kernel of more than 15 x 15, or where 4 GiB of memory do not suffice.
 */
export function planModel(architecture: BodyArchitecture, threads = 1): Plan {
  refuseUnsupported(architecture)
  const steps = planSteps(architecture)
  const needs = steps.map(({ kernel }) => needsOf(kernel))
  const zeros = { address: 0, bytes: roundUp(Math.max(...needs.map(({ zeroBytes }) => zeroBytes)), alignment) }
  const { packed, addresses, end } = placeWeights(steps, needs, zeros.bytes)
  const pictureStride = pictureChannels(architecture)
  const buffers = placeBuffers(activationBuffers(steps, architecture.input, pictureStride))
  const activations = { address: end, bytes: buffers.bytes }
  const scratchAddress = end + buffers.bytes
  const [pictureAddress, ...outputAddresses] = buffers.offsets.map((offset) => end + offset)
  const outputOf = new Map(steps.map((step, index) => [step.layers.at(-1)!.id, outputAddresses[index]!]))
  const bytesOfThread = roundUp(Math.max(...needs.map((each) => each.scratchBytes)) + overread, alignment)
  const countsAddress = scratchAddress + threads * bytesOfThread
  const pages = Math.ceil((countsAddress + countsBytes(threads)) / pageBytes)
  if (pages * pageBytes > mostBytes) {
    throw new MobileNetV2Error('BACKEND', 'The model needs more memory than WebAssembly can address.', {
      where: `input ${architecture.input.height} x ${architecture.input.width}`,
      expected: `at most ${mostBytes} bytes of weights and activations`,
      got: `${pages * pageBytes} bytes`,
      remedy: 'Use a smaller input or width multiplier.',
    })
  }
  const calls = steps.map(
    ({ kernel, layers, residual }, index): KernelCall => ({
      layers: layers.map(({ id }) => id),
      kernel,
      units: needs[index]!.units,
      input: index === 0 ? pictureAddress! : outputAddresses[index - 1]!,
      weights: addresses[index]!,
      output: outputAddresses[index]!,
      residual: residual === null ? 0 : outputOf.get(residual)!,
    }),
  )
  const pool = steps.findLastIndex(({ kernel }) => kernel.kind === 'globalAveragePool')
  const resultOf = (index: number): External => {
    const { output } = steps[index]!.layers.at(-1)!
    return external(outputAddresses[index]!, output, paddedChannels(output.channels))
  }
  return {
    calls,
    packed,
    picture: external(pictureAddress!, architecture.input, pictureStride),
    logits: resultOf(steps.length - 1),
    features: pool < 0 ? null : { ...resultOf(pool), calls: pool + 1 },
    zeros,
    weights: { address: zeros.bytes, bytes: end - zeros.bytes },
    activations,
    scratch: { address: scratchAddress, bytes: pages * pageBytes - scratchAddress, bytesOfThread },
    counts: countsAddress,
    pages,
  }
}
