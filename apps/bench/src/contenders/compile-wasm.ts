import { wasm } from '@mobilenetv2/backend-wasm'
import type { Compile } from './own-backend.js'

/** The thread that calls, as the peers' one thread is; a count of workers otherwise. */
const callingThread = 0

/**
 * This project's WebAssembly backend on a number of threads.
 * @throws Error where there are fewer here
 */
export const compileWasm: Compile = async (architecture, parameters, threads) => {
  const model = await wasm({ threads: threads === 1 ? callingThread : threads }).compile(architecture, parameters)
  if (!new RegExp(`\\b${threads} threads?$`).test(model.device)) throw new Error(`runs on ${model.device} here`)
  return model
}
