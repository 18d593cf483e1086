import { type Global, MobileNetV2Error } from '@mobilenetv2/spec'
import type { PlannedStep } from '../planner/plan.js'
import { emitKernel } from '../wgsl/emit-kernel.js'

/** How far the compilation of kernels has come: `done` of `total` kernels. */
export interface Progress {
  /** The number of compiled kernels. */
  readonly done: number
  /** The number of all kernels. */
  readonly total: number
}

/** The pipelines of each device by their WGSL, so that a model which is compiled again does not wait for them. */
const pipelinesOf = new WeakMap<GPUDevice, Map<string, Promise<GPUComputePipeline>>>()

async function refuse(where: string, code: string, module: GPUShaderModule, cause: unknown): Promise<never> {
  // A lost device gives no messages.
  const { messages } = await module.getCompilationInfo().catch(() => ({ messages: [] }))
  const message = messages.find(({ type }) => type === 'error')
  const line =
    message === undefined ? '' : `, line ${message.lineNum} of its WGSL: ${code.split('\n')[message.lineNum - 1]?.trim()}`
  throw new MobileNetV2Error('BACKEND', 'The device cannot compile a kernel.', {
    where: `${where}${line}`,
    got: message?.message ?? String(cause),
    remedy: 'Use another backend, and report this with the name of the device.',
    cause,
  })
}

/**
 * Compiles one kernel, whose entry point is `main`.
 * @param where what the kernel is for
 * @throws MobileNetV2Error `BACKEND` with `where` and the line of WGSL
 */
export async function compileKernel(
  device: Global<'GPUDevice'>,
  code: string,
  where: string,
): Promise<Global<'GPUComputePipeline'>> {
  device.pushErrorScope('validation')
  const module = device.createShaderModule({ label: where, code })
  const invalid = device.popErrorScope()
  try {
    return await device.createComputePipelineAsync({ label: where, layout: 'auto', compute: { module, entryPoint: 'main' } })
  } catch (cause) {
    return await refuse(where, code, module, cause)
  } finally {
    await invalid
  }
}

/**
 * Compiles the pipelines of a plan's steps, all at once. `codeBytes` is the length of their WGSL, each text counted once.
 * @throws MobileNetV2Error as `compileKernel`
 */
export async function compilePipelines(
  device: Global<'GPUDevice'>,
  steps: readonly PlannedStep[],
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<{ pipelines: Global<'GPUComputePipeline'>[]; codeBytes: number }> {
  const known = pipelinesOf.get(device) ?? new Map<string, Promise<GPUComputePipeline>>()
  pipelinesOf.set(device, known)
  const codes = steps.map(({ kernel }) => emitKernel(kernel))
  const total = new Set(codes).size
  let done = 0
  const started = new Map<string, Promise<GPUComputePipeline>>()
  codes.forEach((code, index) => {
    if (started.has(code)) return
    const pipeline = known.get(code) ?? compileKernel(device, code, `layer ${steps[index]!.layers.join(' + ')}`)
    known.set(code, pipeline)
    started.set(
      code,
      pipeline.then(
        (compiled) => {
          done += 1
          onProgress({ done, total })
          return compiled
        },
        (error: unknown) => {
          known.delete(code)
          throw error
        },
      ),
    )
  })
  await Promise.allSettled(started.values())
  const pipelines = await Promise.all(codes.map((code) => started.get(code)!))
  return { pipelines, codeBytes: [...started.keys()].reduce((bytes, code) => bytes + code.length, 0) }
}
