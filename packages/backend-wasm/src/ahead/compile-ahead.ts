import { fingerprint } from '@mobilenetv2/assembler'
import { splitArchitecture, withTail } from '@mobilenetv2/runtime'
import type { Architecture, CompiledModel, Parameters } from '@mobilenetv2/spec'
import { compileBody, deviceName } from '../compile-body.js'
import { inFloats } from '../numbers/precision.js'
import type { Threads } from '../threads/choose-threads.js'
import { otherKernels, readKernels } from './settings.js'

const note = ', compiled ahead of time'

/** What a device with these kernels is called. */
export function aheadDevice(kernels: unknown, threads: Threads): string {
  return deviceName(readKernels(kernels).level, threads, note)
}

/**
 * Compiles a network for kernels that are compiled already. The code is generated once more, and compared with what the kernels say of
 * theirs: addresses of weights stand in it, so that other kernels would compute nonsense.
 * @param threads the calling thread
 * @throws MobileNetV2Error `BACKEND` if they are not the network's
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
