import { brandOf, type LayerTime, type OutputName, type Parameters } from '@mobilenetv2/spec'
import type { Lease } from '../device/lease.js'
import type { DevicePicture } from '../picture.js'
import type { Plan } from '../planner/plan.js'
import { checked } from './checked.js'
import { createDeviceResults } from './device-results.js'
import { createPictureLoader } from './picture-loader.js'
import { compilePipelines, type Progress } from './pipelines.js'
import { profileSteps } from './profile.js'
import { readMapped } from './read-mapped.js'
import { readResult } from './read-result.js'
import { createRoom, type Fixed, type Room, resultBytes } from './room.js'
import { uploadSizes } from './sizes.js'
import { createTopFinder, type TopClass } from './top.js'
import { uploadWeights } from './weights.js'

/** Where the input of a run comes from: float32 `[pictures, height, width, 3]` in an array or in a buffer, or a picture of the browser. */
export type Source =
  | { readonly kind: 'values'; readonly values: Float32Array }
  | { readonly kind: 'buffer'; readonly buffer: GPUBuffer; readonly offset: number }
  | { readonly kind: 'picture'; readonly picture: DevicePicture }

/** The pipelines, weights and buffers of a plan on a device. Runs share the buffers, so only one may run at a time. */
export interface Engine {
  readonly lease: Lease
  /** Runs `pictures` pictures and reads outputs back, in one submission. It allocates no memory on the device after the first such run. */
  run(source: Source, pictures: number, outputs: readonly OutputName[]): Promise<Float32Array[]>
  /** Buffers on the device for the results of `batch` pictures, `[batch, channels]`. The same batch gets the same buffers. */
  resultBuffers(outputs: readonly OutputName[], batch: number): Promise<GPUBuffer[]>
  /** Runs `pictures` pictures, and writes the outputs into these buffers, from the place of picture `first` on. */
  runInto(
    source: Source,
    pictures: number,
    outputs: readonly OutputName[],
    buffers: readonly GPUBuffer[],
    first: number,
  ): Promise<void>
  /** Runs one picture and finds its `count` most probable classes on the device. */
  top(source: Source, count: number): Promise<readonly TopClass[]>
  profile(): Promise<readonly LayerTime[]>
  activationBytes(): number
  readonly codeBytes: number
  dispose(): void
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
 * Compiles the kernels of a plan and uploads its weights.
 * @throws MobileNetV2Error `BACKEND` if the device refuses a kernel or a buffer
 */
export async function createEngine(
  lease: Lease,
  plan: Plan,
  parameters: Parameters,
  onProgress?: (progress: Progress) => void,
): Promise<Engine> {
  const { device } = lease
  const { logits } = plan.results
  const { pipelines, codeBytes } = await compilePipelines(device, plan.steps, onProgress)
  const weights = await checked(device, 'weights', () => uploadWeights(device, plan, parameters))
  const sizes = await checked(device, 'sizes', () => uploadSizes(device, plan.steps)).catch((error: unknown) => {
    weights.destroy()
    throw error
  })
  const fixed: Fixed = { device, plan, pipelines, weights, sizes }
  const loader = createPictureLoader(device)
  const deviceResults = createDeviceResults(device)
  let room: Room | null = null
  const finder = createTopFinder(device, lease, logits?.channels ?? 0, () => room!.slots[logits!.slot]!)

  const roomFor = async (pictures: number): Promise<Room> => {
    if (room !== null && room.pictures >= pictures) return room
    room?.dispose()
    room = null
    room = await checked(device, `activations of ${pictures} pictures`, () => createRoom(fixed, pictures))
    return room
  }

  const filler = async (source: Source): Promise<(encoder: GPUCommandEncoder, target: GPUBuffer, bytes: number) => void> => {
    switch (source.kind) {
      case 'values': {
        const { values } = source
        // Some engines refuse a view of shared memory.
        const own = brandOf(values.buffer) === 'ArrayBuffer' ? (values as Float32Array<ArrayBuffer>) : new Float32Array(values)
        return (_, target) => device.queue.writeBuffer(target, 0, own)
      }
      case 'buffer':
        return (encoder, target, bytes) => encoder.copyBufferToBuffer(source.buffer, source.offset, target, 0, bytes)
      case 'picture':
        return loader.prepare(source.picture)
      default:
        return source satisfies never
    }
  }

  /**
   * Submits one command buffer: it loads the pictures, runs the steps that the outputs need, and does what `collect` records. `accepted`
   * resolves when the device has accepted it.
   */
  const submit = async (
    source: Source,
    pictures: number,
    outputs: readonly OutputName[],
    collect: (encoder: GPUCommandEncoder, room: Room) => void,
  ): Promise<{ accepted: Promise<void> }> => {
    const fill = await filler(source)
    const current = await roomFor(pictures)
    const steps = Math.max(...outputs.map((name) => plan.results[name]!.steps))
    const accepted = checked(device, 'a run', () => {
      const encoder = device.createCommandEncoder()
      fill(encoder, current.picture, plan.pictureBytes * pictures)
      recordSteps(encoder, fixed, current, pictures, steps)
      collect(encoder, current)
      device.queue.submit([encoder.finish()])
    })
    return { accepted }
  }

  return {
    lease,
    codeBytes,
    async run(source, pictures, outputs) {
      const wanted = outputs.map((name) => plan.results[name]!)
      const offsets: number[] = []
      let bytes = 0
      const { accepted } = await submit(source, pictures, outputs, (encoder, { slots, readBack }) => {
        for (const result of wanted) {
          const size = resultBytes(result) * pictures
          encoder.copyBufferToBuffer(slots[result.slot]!, 0, readBack, bytes, size)
          offsets.push(bytes)
          bytes += size
        }
      })
      return readMapped(room!.readBack, bytes, accepted, (memory) =>
        wanted.map((result, index) => readResult(memory, offsets[index]!, result, pictures)),
      )
    },
    resultBuffers: (outputs, batch) =>
      checked(device, 'results', () => outputs.map((name) => deviceResults.bufferFor(name, plan.results[name]!, batch))),
    async runInto(source, pictures, outputs, buffers, first) {
      const { accepted } = await submit(source, pictures, outputs, (encoder, { slots }) => {
        outputs.forEach((name, index) => {
          const result = plan.results[name]!
          deviceResults.copy(encoder, slots[result.slot]!, result, pictures, buffers[index]!, first)
        })
      })
      await accepted
    },
    async top(source, count) {
      const found = await finder.prepare(count)
      const { accepted } = await submit(source, 1, ['logits'], (encoder) => found.record(encoder))
      return found.read(accepted)
    },
    async profile() {
      return profileSteps(fixed, await roomFor(1))
    },
    activationBytes: () => room?.bytes ?? 0,
    dispose() {
      for (const resource of [room, loader, deviceResults, finder]) resource?.dispose()
      weights.destroy()
      sizes.destroy()
      lease.release()
    },
  }
}
