import type { Backend } from '@mobilenetv2/spec'
import { openBackend } from 'mobilenetv2'

/** With one thread the calling thread computes, as the peers do it; otherwise each thread is a worker. */
const callingThread = 0

/**
 * Opens this project's WebAssembly backend with a number of threads.
 * @throws Error if it runs on another number of threads
 */
export async function openWasm(threads: number, precision?: 'int8'): Promise<Backend> {
  const backend = await openBackend('wasm', { threads: threads === 1 ? callingThread : threads, precision })
  const availability = await backend.availability()
  const device = availability.available ? availability.device : availability.reason
  if (!new RegExp(`\\b${threads} threads?$`).test(device)) throw new Error(`cannot run on ${threads} threads here: ${device}`)
  return backend
}
