import type { FunctionRef, ModuleBuilder } from '@mobilenetv2/assembler'
import type { Numbers } from '../numbers/numbers.js'

/** Writes functions into a module, each function once. */
export interface Emitter {
  readonly relaxed: boolean
  readonly numbers: Numbers
  /** The function with a name and sizes. It is written at the first call; later calls give the same function. */
  once(name: string, sizes: unknown, parameterCount: number, write: Parameters<ModuleBuilder['define']>[1]): FunctionRef
}

export function createEmitter(module: ModuleBuilder, numbers: Numbers, relaxed: boolean): Emitter {
  const written = new Map<string, FunctionRef>()
  return {
    relaxed,
    numbers,
    once(name, sizes, parameterCount, write) {
      const key = `${name} ${JSON.stringify(sizes)}`
      const found = written.get(key) ?? module.define(parameterCount, write)
      written.set(key, found)
      return found
    },
  }
}
