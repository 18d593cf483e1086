import type { LayerTime, OutputName, Parameters } from '@mobilenetv2/spec'
import { mapModeRead } from '../device/flags.js'
import type { Lease } from '../device/lease.js'
import type { Plan, Result } from '../planner/plan.js'
import { checked } from './checked.js'
import { compilePipelines, type Progress } from './pipelines.js'
import { profileSteps } from './profile.js'
import { createRoom, type Fixed, type Room, resultBytes } from './room.js'
import { uploadSizes } from './sizes.js'
import { uploadWeights } from './weights.js'

/** Writes the pictures `[pictures, height, width, 3]` into their buffer, by the queue or as the first commands of the run. */
export type Fill = (picture: GPUBuffer, encoder: GPUCommandEncoder) => void

/** Pipelines, weights and buffers on a device: what a plan needs to run. */
export interface Engine {
  readonly lease: Lease
  /** Runs `pictures` pictures and reads outputs back: one command buffer, one submission, nothing allocated once there is room. */
  run(fill: Fill, pictures: number, outputs: readonly OutputName[]): Promise<Float32Array[]>
  profile(): Promise<readonly LayerTime[]>
  activationBytes(): number
  readonly codeBytes: number
  dispose(): void
}

/** A result of `pictures` pictures out of mapped memory, without the padding of its channels. */
function readResult(memory: ArrayBuffer, offset: number, { pixels, channels, stride }: Result, pictures: number): Float32Array {
  const padded = new Float32Array(memory, offset, pixels * pictures * stride)
  if (channels === stride) return padded.slice()
  const values = new Float32Array(pixels * pictures * channels)
  for (let pixel = 0; pixel < pixels * pictures; pixel++) {
    values.set(padded.subarray(pixel * stride, pixel * stride + channels), pixel * channels)
  }
  return values
}

function recordSteps(encoder: GPUCommandEncoder, { plan, pipelines }: Fixed, room: Room, pictures: number, count: number): void {
  const pass = encoder.beginComputePass()
  for (let index = 0; index < count; index++) {
    const [x, y] = plan.steps[index]!.kernel.groups
    pass.setPipeline(pipelines[index]!)
    pass.setBindGroup(0, room.groups[index]!)
    pass.dispatchWorkgroups(x, y, pictures)
  }
  pass.end()
}

/**
 * Compiles a plan's kernels and uploads its weights.
 * @throws MobileNetV2Error `BACKEND` where the device refuses a kernel or a buffer.
 */
export async function createEngine(
  lease: Lease,
  plan: Plan,
  parameters: Parameters,
  onProgress?: (progress: Progress) => void,
): Promise<Engine> {
  const { device } = lease
  const { pipelines, codeBytes } = await compilePipelines(device, plan.steps, onProgress)
  const weights = await checked(device, 'weights', () => uploadWeights(device, plan, parameters))
  const sizes = await checked(device, 'sizes', () => uploadSizes(device, plan.steps))
  const fixed: Fixed = { device, plan, pipelines, weights, sizes }
  let room: Room | null = null

  const roomFor = async (pictures: number): Promise<Room> => {
    if (room !== null && room.pictures >= pictures) return room
    room?.dispose()
    room = null
    room = await checked(device, `activations of ${pictures} pictures`, () => createRoom(fixed, pictures))
    return room
  }

  return {
    lease,
    codeBytes,
    async run(fill, pictures, outputs) {
      const current = await roomFor(pictures)
      const { readBack, picture } = current
      const wanted = outputs.map((name) => plan.results[name]!)
      const encoder = device.createCommandEncoder()
      fill(picture, encoder)
      recordSteps(encoder, fixed, current, pictures, Math.max(...wanted.map(({ steps }) => steps)))
      let bytes = 0
      const offsets = wanted.map((result) => {
        const offset = bytes
        const size = resultBytes(result) * pictures
        encoder.copyBufferToBuffer(current.slots[result.slot]!, 0, readBack, offset, size)
        bytes += size
        return offset
      })
      device.queue.submit([encoder.finish()])
      await readBack.mapAsync(mapModeRead, 0, bytes)
      const memory = readBack.getMappedRange(0, bytes)
      const values = wanted.map((result, index) => readResult(memory, offsets[index]!, result, pictures))
      readBack.unmap()
      return values
    },
    async profile() {
      return profileSteps(fixed, await roomFor(1))
    },
    activationBytes: () => room?.bytes ?? 0,
    dispose() {
      room?.dispose()
      weights.destroy()
      sizes.destroy()
      lease.release()
    },
  }
}
