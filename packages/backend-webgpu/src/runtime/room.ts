import { bufferUsage } from '../device/flags.js'
import { offsetAlignment } from '../planner/limits.js'
import type { Plan, PlannedStep, Result } from '../planner/plan.js'
import { bindings } from '../wgsl/prologue.js'

/** What all runs of a plan share on a device: the pipelines, weights and sizes of its steps. */
export interface Fixed {
  readonly device: GPUDevice
  readonly plan: Plan
  readonly pipelines: readonly GPUComputePipeline[]
  readonly weights: GPUBuffer
  readonly sizes: GPUBuffer
}

/** The buffers for a number of pictures that run at once. */
export interface Room {
  readonly pictures: number
  readonly picture: GPUBuffer
  readonly slots: readonly GPUBuffer[]
  /** A buffer that can be mapped, for all results one after the other. */
  readonly readBack: GPUBuffer
  readonly groups: readonly GPUBindGroup[]
  readonly bytes: number
  dispose(): void
}

/** The bytes of a result for one picture, including the padding of its channels. */
export function resultBytes({ pixels, stride }: Result): number {
  return pixels * stride * Float32Array.BYTES_PER_ELEMENT
}

function bindStep(
  { device, weights: weightBuffer, sizes, pipelines }: Fixed,
  index: number,
  { kernel, input, output, shortcut, weights, layers }: PlannedStep,
  { picture, slots }: Pick<Room, 'picture' | 'slots'>,
): GPUBindGroup {
  const ownSizes = {
    buffer: sizes,
    offset: index * offsetAlignment,
    size: Object.keys(kernel.sizes).length * Uint32Array.BYTES_PER_ELEMENT,
  }
  const entries: GPUBindGroupEntry[] = [
    { binding: bindings.sizes, resource: ownSizes },
    { binding: bindings.input, resource: { buffer: input === null ? picture : slots[input]! } },
    { binding: bindings.output, resource: { buffer: slots[output]! } },
  ]
  if (weights !== null) {
    entries.push({ binding: bindings.weights, resource: { buffer: weightBuffer, offset: weights.offset, size: weights.bytes } })
  }
  if (shortcut !== null) entries.push({ binding: bindings.shortcut, resource: { buffer: slots[shortcut]! } })
  const layout = pipelines[index]!.getBindGroupLayout(0)
  return device.createBindGroup({ label: layers.join(' + '), layout, entries })
}

/** Allocates the buffers for this many pictures. */
export function createRoom(fixed: Fixed, pictures: number): Room {
  const { device, plan } = fixed
  const { storage, copySource, copyTarget, mapRead } = bufferUsage
  const made: GPUBuffer[] = []
  const create = (label: string, bytes: number, usage: number): GPUBuffer => {
    const buffer = device.createBuffer({ label, size: bytes * pictures, usage })
    made.push(buffer)
    return buffer
  }
  const picture = create('picture', plan.pictureBytes, storage | copyTarget)
  const slots = plan.slots.map((bytes, slot) => create(`activations ${slot}`, bytes, storage | copySource))
  const results = Object.values(plan.results).filter((result) => result !== null)
  const bytesOfResults = results.reduce((total, result) => total + resultBytes(result), 0)
  const readBack = create('results', bytesOfResults, mapRead | copyTarget)
  return {
    pictures,
    picture,
    slots,
    readBack,
    groups: plan.steps.map((step, index) => bindStep(fixed, index, step, { picture, slots })),
    bytes: made.reduce((total, buffer) => total + buffer.size, 0),
    dispose() {
      for (const buffer of made) buffer.destroy()
    },
  }
}
