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
 * Resizes with a module that was compiled ahead of time, where an engine refuses to compile generated code, as on Cloudflare Workers. It
 * holds for all pictures of the thread, and gives the same pixels.
 * @param module a `WebAssembly.Module` of what `emitResizeModule` wrote
 * @throws MobileNetV2Error `OPTION` if it is no module; `IMAGE` if this version did not write it
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
    throw new MobileNetV2Error('IMAGE', 'The module was not emitted by this version for resizing pictures.', {
      where: 'option resize',
      remedy: 'Emit it anew with `mobilenetv2 emit`.',
    })
  }
  startResamplerWith(module as WebAssembly.Module)
}
