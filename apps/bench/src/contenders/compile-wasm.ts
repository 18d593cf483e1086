import { wasm } from '@mobilenetv2/backend-wasm'
import type { Compile } from './own-backend.js'

/**
 * This project's WebAssembly backend on a number of threads.
 * @throws Error where there are fewer here
 */
export const compileWasm: Compile = async (architecture, parameters, threads) => {
  if (threads !== 1) throw new Error('the backend wasm has one thread')
  return wasm.compile(architecture, parameters)
}
