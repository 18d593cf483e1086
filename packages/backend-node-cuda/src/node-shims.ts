import util from 'node:util'

/** What Node 23 took out of its util module and tfjs-node 4.22 still calls, in every operation. */
const shims = {
  isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
  isArray: Array.isArray,
}

/** Puts back what is missing; where Node has the function, it stays. To be called before tfjs-node is loaded. */
export function applyNodeShims(target: object = util): void {
  for (const [name, shim] of Object.entries(shims)) {
    if (!(name in target)) Object.defineProperty(target, name, { value: shim, configurable: true, writable: true })
  }
}
