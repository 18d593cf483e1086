import { type Global, MobileNetV2Error } from '@mobilenetv2/spec'
import { bufferUsage } from '../device/flags.js'
import type { Target } from '../planner/tiles.js'
import { emitTop } from '../wgsl/top.js'
import { compileKernel } from './pipelines.js'
import { readMapped } from './read-mapped.js'

/** One of the most probable classes of a picture. */
export interface TopClass {
  /** The index among the logits, from 0. */
  readonly index: number
  /** The logit of the class. */
  readonly logit: number
  /** The softmax over all logits, 0 to 1. */
  readonly probability: number
}

/** Finds the most probable classes on the device, so that only a few numbers are read back. */
export interface TopFinder {
  /** Prepares to find `count` classes. Then `record` adds the commands to a run, and `read` waits for the result. */
  prepare(
    count: number,
  ): Promise<{ record(encoder: Global<'GPUCommandEncoder'>): void; read(accepted: Promise<void>): Promise<readonly TopClass[]> }>
  dispose(): void
}

const wordBytes = Uint32Array.BYTES_PER_ELEMENT

interface TopBuffers {
  readonly count: number
  readonly sizes: GPUBuffer
  readonly found: GPUBuffer
  readonly readBack: GPUBuffer
}

/** @param logits gives the buffer whose first `classes` float32 are the logits of the picture */
export function createTopFinder(
  device: Global<'GPUDevice'>,
  target: Target,
  classes: number,
  logits: () => Global<'GPUBuffer'>,
): TopFinder {
  let compiling: Promise<GPUComputePipeline> | null = null
  let buffers: TopBuffers | null = null

  const leave = (): void => {
    for (const buffer of buffers === null ? [] : [buffers.sizes, buffers.found, buffers.readBack]) buffer.destroy()
    buffers = null
  }

  const buffersFor = (count: number): TopBuffers => {
    if (buffers?.count === count) return buffers
    leave()
    const size = (2 * count + 1) * wordBytes
    const { uniform, storage, copySource, copyTarget, mapRead } = bufferUsage
    const sizes = device.createBuffer({ label: 'top sizes', size: 2 * wordBytes, usage: uniform | copyTarget })
    device.queue.writeBuffer(sizes, 0, new Uint32Array([classes, count]))
    const found = device.createBuffer({ label: 'top', size, usage: storage | copySource })
    const readBack = device.createBuffer({ label: 'top read', size, usage: mapRead | copyTarget })
    buffers = { count, sizes, found, readBack }
    return buffers
  }

  return {
    async prepare(count) {
      compiling ??= compileKernel(device, emitTop(target), 'the most probable classes')
      const pipeline = await compiling
      const { sizes, found, readBack } = buffersFor(count)
      return {
        record(encoder) {
          const entries = [sizes, logits(), found].map((buffer, binding) => ({ binding, resource: { buffer } }))
          const pass = encoder.beginComputePass()
          pass.setPipeline(pipeline)
          pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }))
          pass.dispatchWorkgroups(1)
          pass.end()
          encoder.copyBufferToBuffer(found, 0, readBack, 0, found.size)
        },
        async read(accepted) {
          const words = await readMapped(readBack, readBack.size, accepted, (memory) => new Uint32Array(memory.slice(0)))
          const floats = new Float32Array(words.buffer)
          const [largest, sum] = [floats[1]!, floats[2 * count]!]
          if (!Number.isFinite(sum)) {
            throw new MobileNetV2Error('PARAMETERS', 'The network gives logits that are not finite numbers.', {
              expected: 'finite numbers',
            })
          }
          return Array.from({ length: count }, (_, rank) => {
            const logit = floats[2 * rank + 1]!
            return { index: words[2 * rank]!, logit, probability: Math.exp(logit - largest) / sum }
          })
        },
      }
    },
    dispose: leave,
  }
}
