import { MobileNetV2Error } from '@mobilenetv2/spec'
import { pageBytes } from '../plan/plan.js'

/** @throws MobileNetV2Error `BACKEND` */
export function takeMemory(pages: number, shared: boolean): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared })
  } catch (cause) {
    throw new MobileNetV2Error('BACKEND', 'The engine does not give the memory that the model needs.', {
      expected: `${pages * pageBytes} bytes`,
      remedy: 'Dispose of models that are no longer used, or use a smaller input or width multiplier.',
      cause,
    })
  }
}

/** A function that gives the module for generated code. */
export type CompileModule = (bytes: Uint8Array<ArrayBuffer>) => Promise<WebAssembly.Module>

/** @throws MobileNetV2Error `BACKEND` */
export function compileModule(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  const compiling = WebAssembly.compile(bytes).catch((cause: unknown) => {
    throw new MobileNetV2Error('BACKEND', 'The engine does not compile the generated WebAssembly.', {
      remedy:
        "If the page has a content security policy, it must allow 'wasm-unsafe-eval' in script-src. If the engine compiles no generated code, as on Cloudflare Workers, give load the option modules with the files that `mobilenetv2 emit` writes.",
      cause,
    })
  })
  // If something else fails first, nobody awaits this promise.
  compiling.catch(() => undefined)
  return compiling
}
