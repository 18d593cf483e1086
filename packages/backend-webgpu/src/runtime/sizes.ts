import { bufferUsage } from '../device/flags.js'
import { offsetAlignment } from '../planner/limits.js'
import type { PlannedStep } from '../planner/plan.js'

/** A uniform buffer with the sizes of each step's kernel, one every `offsetAlignment` bytes. */
export function uploadSizes(device: GPUDevice, steps: readonly PlannedStep[]): GPUBuffer {
  const size = steps.length * offsetAlignment
  const buffer = device.createBuffer({ label: 'sizes', size, usage: bufferUsage.uniform, mappedAtCreation: true })
  const memory = buffer.getMappedRange()
  steps.forEach(({ kernel }, index) => {
    const values = Object.values(kernel.sizes)
    new Uint32Array(memory, index * offsetAlignment, values.length).set(values)
  })
  buffer.unmap()
  return buffer
}
