import { getHeapStatistics } from 'node:v8'

/** The memory of an action: bytes of all typed arrays and buffers that it made, and the growth of the heap of objects at its end. */
export interface Allocations {
  readonly arrays: number
  readonly heap: number
}

let arrays = 0

type ArrayConstructor = { new (...parameters: unknown[]): { readonly byteLength: number }; readonly prototype: object }

/** Makes a constructor count the bytes of its objects, unless they are views of another buffer. */
function count(name: string): void {
  const original = Reflect.get(globalThis, name) as ArrayConstructor
  // A plain function: a proxy is several times slower.
  function counting(...parameters: unknown[]): object {
    const made =
      new.target === counting
        ? new original(...parameters)
        : Reflect.construct(original, parameters, new.target as unknown as ArrayConstructor)
    if (!(parameters[0] instanceof ArrayBuffer) || name === 'ArrayBuffer') arrays += made.byteLength
    return made
  }
  Object.setPrototypeOf(counting, Object.getPrototypeOf(original) as object)
  Object.defineProperties(counting, Object.getOwnPropertyDescriptors(original))
  // `slice` and `map` make their results with this constructor, so that these are counted too.
  Object.defineProperty(original.prototype, 'constructor', { value: counting, configurable: true, writable: true })
  Reflect.set(globalThis, name, counting)
}

// Libraries keep constructors when they are loaded: this module is to be imported before all others.
const typedArrays = [
  'Int8Array',
  'Uint8Array',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
]
for (const name of [...typedArrays, 'ArrayBuffer']) count(name)

/** Runs an action and measures its memory. Garbage that is collected meanwhile counts as arrays, but not on the heap. */
export async function allocationsOf<Result>(action: () => Promise<Result>): Promise<{ result: Result; allocations: Allocations }> {
  const [arraysBefore, heapBefore] = [arrays, getHeapStatistics().used_heap_size]
  const result = await action()
  return {
    result,
    allocations: { arrays: arrays - arraysBefore, heap: getHeapStatistics().used_heap_size - heapBefore },
  }
}
