import util from 'node:util'

/** Functions that Node 23 removed from its module `util`, but that tfjs-node 4.22 still calls in every operation. */
const shims = {
  isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
  isArray: Array.isArray,
}

/** Adds the functions that are missing, and leaves those that Node has. It must be called before tfjs-node is loaded. */
export function applyNodeShims(target: object = util): void {
  for (const [name, shim] of Object.entries(shims)) {
    if (!(name in target)) Object.defineProperty(target, name, { value: shim, configurable: true, writable: true })
  }
}
