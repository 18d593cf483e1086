import { float16Bits, type LayerParameters, type Parameters, parametersOf } from '@mobilenetv2/spec'
import { bufferUsage } from '../device/flags.js'
import { lanes } from '../planner/kernel.js'
import type { PackedWeights, Plan } from '../planner/plan.js'

/** Writes a row for the bias, then the rows of the kernel, each padded to whole vectors. Rows after the kernel stay zero. */
function packRows({ kernel, bias }: LayerParameters, { vectors }: PackedWeights, target: Float32Array): void {
  const outputs = bias.length
  const stride = vectors * lanes
  target.set(bias)
  if (stride === outputs) {
    target.set(kernel, stride)
    return
  }
  for (let row = 0; row < kernel.length / outputs; row++) {
    target.set(kernel.subarray(row * outputs, (row + 1) * outputs), (row + 1) * stride)
  }
}

/** Uploads the weights of all layers in one buffer, where the plan places them. */
export function uploadWeights(device: GPUDevice, plan: Plan, parameters: Parameters): GPUBuffer {
  const buffer = device.createBuffer({
    label: 'weights',
    size: plan.weightBytes,
    usage: bufferUsage.storage,
    mappedAtCreation: true,
  })
  const memory = buffer.getMappedRange()
  for (const packed of plan.packed) {
    const count = (packed.rows + 1) * packed.vectors * lanes
    const found = parametersOf(parameters, packed.layer)
    if (plan.scalar === 'f32') {
      packRows(found, packed, new Float32Array(memory, packed.offset, count))
    } else {
      const values = new Float32Array(count)
      packRows(found, packed, values)
      new Uint16Array(memory, packed.offset, count).set(values.map(float16Bits))
    }
  }
  buffer.unmap()
  return buffer
}
