import { type BodyArchitecture, type BodyLayer, roundUp } from '@mobilenetv2/runtime'
import { type LayerId, MobileNetV2Error, type Shape } from '@mobilenetv2/spec'
import type { ValueBytes } from '../codegen/arithmetic.js'
import type { KernelNeeds } from '../kernels/kernel-type.js'
import { type Kernel, needsOf, type Step } from '../kernels/kernels.js'
import { alignment, overreadBytes, paddedChannels, zerosAddress } from '../memory-contract.js'
import type { Numbers } from '../numbers/numbers.js'
import { countsBytes } from '../threads/counts.js'
import type { Tuning } from '../tuning/tuning.js'
import { type Buffer, placeBuffers } from './arena.js'
import { pictureChannels, planSteps } from './steps.js'

/** One call of a kernel. Addresses are in bytes from the start of the memory. */
export interface KernelCall {
  readonly layers: readonly LayerId[]
  readonly kernel: Kernel
  readonly units: number
  readonly input: number
  readonly weights: number
  readonly output: number
  /** The address of the residual; 0 if there is none. */
  readonly residual: number
}

/**
 * A tensor that the caller reads or writes. It has `pixels` x `channels` values. Each pixel takes `stride` values of `valueBytes` bytes.
 */
export interface External {
  readonly address: number
  readonly pixels: number
  readonly channels: number
  readonly stride: number
  readonly valueBytes: ValueBytes
}

export interface Region {
  readonly address: number
  readonly bytes: number
}

/** The scratch of all threads. That of thread t begins at `address` + t * `bytesOfThread`. */
export interface Scratch extends Region {
  readonly bytesOfThread: number
}

/** Everything that is decided before code is generated: the layout of the memory, and the kernel calls for one picture. */
export interface Plan<Layer = never> {
  readonly numbers: Numbers<Layer>
  readonly calls: readonly KernelCall[]
  readonly picture: External
  readonly logits: External
  /** The pooled features, and how many calls compute them; null if the architecture has no pool. */
  readonly features: (External & { readonly calls: number }) | null
  readonly zeros: Region
  readonly weights: Region
  readonly activations: Region
  readonly scratch: Scratch
  /** The address of the threads' counts. */
  readonly counts: number
  /** The pages of 64 KiB that the memory has. */
  readonly pages: number
}

export const pageBytes = 65536
const mostBytes = 2 ** 32 - pageBytes
/** The largest window. The code for larger windows would be too long, because their loops are unrolled. */
const largestKernel = 15

function refuseUnsupported(architecture: BodyArchitecture, { largestDepthwise }: Numbers): void {
  if (architecture.layers.length === 0) throw new MobileNetV2Error('BACKEND', 'The architecture has no layers.')
  for (const layer of architecture.layers) {
    const largest = layer.kind === 'depthwise' ? (largestDepthwise ?? largestKernel) : largestKernel
    if ('kernelSize' in layer && layer.kernelSize > largest) {
      throw new MobileNetV2Error('BACKEND', 'The wasm backend cannot run a layer with so large a kernel.', {
        where: `layer ${layer.id}`,
        expected: `a kernel size of at most ${largest}`,
        got: String(layer.kernelSize),
      })
    }
  }
}

/** The addresses of the weights of each step, and their end. */
function placeWeights(needs: readonly KernelNeeds[], start: number): { addresses: number[]; end: number } {
  let end = start
  const addresses = needs.map(({ weights }) => {
    const address = end
    for (const { bytes } of weights) end += bytes
    end = roundUp(end, alignment)
    return address
  })
  return { addresses, end }
}

function lastLayer({ layers }: Step): BodyLayer {
  return layers.at(-1)!
}

/**
 * The buffers of the picture and of each step's output. An output is kept until its last reader. If the caller reads it, it is kept until
 * the end.
 */
function activationBuffers(
  steps: readonly Step[],
  picture: Shape,
  pictureStride: number,
  { pictureBytes, valueBytes }: Numbers,
): Buffer[] {
  const pictureBuffer = { bytes: picture.height * picture.width * pictureStride * pictureBytes, firstCall: 0, lastCall: 0 }
  const lastAdded = new Map(steps.map((step, call) => [lastLayer(step).residual, call]))
  const outputs = steps.map((step, call) => {
    const { id, kind, output } = lastLayer(step)
    const isResult = kind === 'globalAveragePool' || call === steps.length - 1
    return {
      bytes: output.height * output.width * paddedChannels(output.channels) * valueBytes,
      firstCall: call,
      lastCall: isResult ? steps.length - 1 : Math.max(call + 1, lastAdded.get(id) ?? 0),
    }
  })
  return [pictureBuffer, ...outputs]
}

function external(address: number, { height, width, channels }: Shape, stride: number, valueBytes: ValueBytes): External {
  return { address, pixels: height * width, channels, stride, valueBytes }
}

/**
 * Plans the run of an architecture for one picture, on a number of threads that share the units of each call.
 * @throws MobileNetV2Error `BACKEND` if a kernel is larger than 15 x 15, if the sums of a depthwise kernel do not fit the numbers, or if 4
 * GiB of memory are not enough
 */
export function planModel<Layer>(
  architecture: BodyArchitecture,
  tuning: Tuning,
  numbers: Numbers<Layer>,
  threads = 1,
): Plan<Layer> {
  refuseUnsupported(architecture, numbers)
  const steps = planSteps(architecture, tuning, numbers)
  const needs = steps.map(({ kernel }) => needsOf(kernel, numbers))
  const zeros = { address: zerosAddress, bytes: roundUp(Math.max(...needs.map(({ zeroBytes }) => zeroBytes)), alignment) }
  const { addresses, end } = placeWeights(needs, zeros.bytes)
  const pictureStride = pictureChannels(architecture)
  const buffers = placeBuffers(activationBuffers(steps, architecture.input, pictureStride, numbers))
  const activations = { address: end, bytes: buffers.bytes }
  const scratchAddress = end + buffers.bytes
  const [pictureAddress, ...outputAddresses] = buffers.offsets.map((offset) => end + offset)
  const outputOf = new Map(steps.map((step, index) => [lastLayer(step).id, outputAddresses[index]!]))
  const bytesOfThread = roundUp(Math.max(...needs.map((each) => each.scratchBytes)) + overreadBytes, alignment)
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
  const calls = steps.map((step, index): KernelCall => {
    const { residual } = lastLayer(step)
    return {
      layers: step.layers.map(({ id }) => id),
      kernel: step.kernel,
      units: needs[index]!.units,
      input: index === 0 ? pictureAddress! : outputAddresses[index - 1]!,
      weights: addresses[index]!,
      output: outputAddresses[index]!,
      residual: residual === null ? 0 : outputOf.get(residual)!,
    }
  })
  const pool = steps.findLastIndex(({ kernel }) => kernel.kind === 'globalAveragePool')
  const resultOf = (index: number): External => {
    const { output } = lastLayer(steps[index]!)
    return external(outputAddresses[index]!, output, paddedChannels(output.channels), numbers.valueBytes)
  }
  return {
    numbers,
    calls,
    picture: external(pictureAddress!, architecture.input, pictureStride, numbers.pictureBytes),
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
