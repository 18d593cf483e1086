import { fingerprint, readSeal, sealModule } from '@mobilenetv2/assembler'
import { brandOf, MobileNetV2Error, refuseOption, type UnsharedBytes } from '@mobilenetv2/spec'
import { resampleCode, startResamplerWith } from './resample-passes.js'

/**
 * Writes the kernels of the resize ahead of time, for `useResizeModule`.
 * @returns a module of 1.2 KB in the binary format
 * @example
 * ```ts
 * import { writeFile } from 'node:fs/promises'
 * import { emitResizeModule } from '@mobilenetv2/image/resize-module'
 *
 * await writeFile('resize.wasm', emitResizeModule())
 * ```
 */
export function emitResizeModule(): UnsharedBytes {
  return sealModule(resampleCode(), {})
}

/**
 * Makes this thread resize pictures with a module that was compiled ahead of time, for engines that refuse to compile generated code, as on
 * Cloudflare Workers. The pixels are the same.
 * @param module the `WebAssembly.Module` of the file that `emitResizeModule` wrote
 * @throws MobileNetV2Error `OPTION` if it is not a module; `IMAGE` if this version did not write it
 * @example
 * ```ts
 * import { emitResizeModule, useResizeModule } from '@mobilenetv2/image/resize-module'
 *
 * useResizeModule(new WebAssembly.Module(emitResizeModule()))
 * ```
 */
export function useResizeModule(module: object): void {
  if (brandOf(module) !== 'WebAssembly.Module') refuseOption('resize', brandOf(module), 'a WebAssembly.Module')
  if (readSeal(module)?.code !== fingerprint(resampleCode())) {
    throw new MobileNetV2Error('IMAGE', 'The module is not the resize module of this version.', {
      where: 'option resize',
      remedy: 'Run `mobilenetv2 emit` again.',
    })
  }
  startResamplerWith(module as WebAssembly.Module)
}
