import { fingerprint } from '@mobilenetv2/assembler'
import { splitArchitecture, withTail } from '@mobilenetv2/runtime'
import type { Architecture, CompiledModel, Parameters } from '@mobilenetv2/spec'
import { compileBody, deviceName } from '../compile-body.js'
import { inFloats } from '../numbers/precision.js'
import type { Threads } from '../threads/choose-threads.js'
import { otherKernels, readKernels } from './settings.js'

const note = ', compiled ahead of time'

/** The text of a model's `device` with these kernels. */
export function aheadDevice(kernels: unknown, threads: Threads): string {
  return deviceName(readKernels(kernels).level, threads, note)
}

/**
 * Compiles a network with kernels that were compiled ahead of time. The code is generated once more, and its fingerprint is compared with
 * that of the kernels. Addresses of weights stand in the code, so the kernels of another network would compute nonsense.
 * @param threads the calling thread alone: these kernels use no workers
 * @throws MobileNetV2Error `BACKEND` if the kernels are not those of the network
 */
export async function compileAhead(
  kernels: unknown,
  architecture: Architecture,
  parameters: Parameters,
  threads: Threads,
): Promise<CompiledModel> {
  const { module, code, level, tuning } = readKernels(kernels)
  const { body, tail } = splitArchitecture(architecture)
  const compile = async (bytes: Uint8Array): Promise<WebAssembly.Module> => {
    if (fingerprint(bytes) !== code) throw otherKernels('other code')
    return module
  }
  const model = await compileBody(body, inFloats(parameters), {
    level,
    threads,
    chosen: { tuning, note },
    compile,
  })
  return withTail(model, { architecture, tail, parameters })
}
