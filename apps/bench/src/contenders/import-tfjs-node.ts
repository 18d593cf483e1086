import util from 'node:util'
import { importOptional } from './import-optional.js'

/** tfjs-node 4.22 calls these functions in every operation, but Node 23 removed them from its util module. */
const shims = {
  isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
  isArray: Array.isArray,
}

/**
 * Imports `@tensorflow/tfjs-node`, if it is installed.
 * @throws Error with the command that installs it, or with the reason why its native binding cannot be loaded
 */
export async function importTfjsNode<Tensorflow>(): Promise<Tensorflow> {
  for (const [name, value] of Object.entries(shims)) {
    if (!(name in util)) Object.defineProperty(util, name, { value, configurable: true, writable: true })
  }
  return (await importOptional<{ readonly default: Tensorflow }>('@tensorflow/tfjs-node')).default
}
