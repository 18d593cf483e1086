import util from 'node:util'
import { importOptional } from './import-optional.js'

/** What Node 23 took out of its util module, and tfjs-node 4.22 still calls in every operation: without it the peer cannot run. */
const shims = {
  isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
  isArray: Array.isArray,
}

/**
 * `@tensorflow/tfjs-node`, where somebody has installed it.
 * @throws Error with the command that installs it, or why its binding cannot be loaded
 */
export async function importTfjsNode<Tensorflow>(): Promise<Tensorflow> {
  for (const [name, value] of Object.entries(shims)) {
    if (!(name in util)) Object.defineProperty(util, name, { value, configurable: true, writable: true })
  }
  return (await importOptional<{ readonly default: Tensorflow }>('@tensorflow/tfjs-node')).default
}
