import type { OutputName } from '@mobilenetv2/spec'
import { bufferUsage } from '../device/flags.js'
import type { Result } from '../planner/plan.js'

/** Results that stay on the device: a buffer for each output, `[batch, channels]` without padding. Later runs reuse the buffers. */
export interface DeviceResults {
  bufferFor(name: OutputName, result: Result, batch: number): GPUBuffer
  copy(encoder: GPUCommandEncoder, from: GPUBuffer, result: Result, pictures: number, to: GPUBuffer, first: number): void
  dispose(): void
}

const floatBytes = Float32Array.BYTES_PER_ELEMENT

export function createDeviceResults(device: GPUDevice): DeviceResults {
  const kept = new Map<OutputName, GPUBuffer>()
  return {
    bufferFor(name, { pixels, channels }, batch) {
      const size = batch * pixels * channels * floatBytes
      const known = kept.get(name)
      if (known?.size === size) return known
      known?.destroy()
      const usage = bufferUsage.storage | bufferUsage.copySource | bufferUsage.copyTarget
      const buffer = device.createBuffer({ label: name, size, usage })
      kept.set(name, buffer)
      return buffer
    },
    copy(encoder, from, { pixels, channels, stride }, pictures, to, first) {
      const bytes = channels * floatBytes
      const start = first * pixels * bytes
      if (channels === stride) {
        encoder.copyBufferToBuffer(from, 0, to, start, pictures * pixels * bytes)
        return
      }
      for (let pixel = 0; pixel < pictures * pixels; pixel++) {
        encoder.copyBufferToBuffer(from, pixel * stride * floatBytes, to, start + pixel * bytes, bytes)
      }
    },
    dispose() {
      for (const buffer of kept.values()) buffer.destroy()
      kept.clear()
    },
  }
}
