import type { Backend } from '@mobilenetv2/spec'
import { openBackend } from 'mobilenetv2'

/** The thread that calls, as the peers' one thread is; a count of workers otherwise. */
const callingThread = 0

/**
 * This project's WebAssembly backend on a number of threads.
 * @throws Error if there are fewer here
 */
export async function openWasm(threads: number, precision?: 'int8'): Promise<Backend> {
  const backend = await openBackend('wasm', { threads: threads === 1 ? callingThread : threads, precision })
  const availability = await backend.availability()
  const device = availability.available ? availability.device : availability.reason
  if (!new RegExp(`\\b${threads} threads?$`).test(device)) throw new Error(`runs on ${device} here`)
  return backend
}
