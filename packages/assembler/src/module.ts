import { type Bytes, bytesOf, type ModuleBytes, toArray } from './bytes.js'
import { type FunctionRef, type Local, localVariable, type Statement, sequence } from './code.js'
import { unsigned } from './leb128.js'
import { immediateOpcodes, opcode, typeCodes, type ValueType } from './opcodes.js'

/** The memory that a module imports as `env.memory`. */
export interface MemoryLimits {
  /** Its size in pages of 64 KiB, which is also its maximum. */
  readonly pages: number
  /** Whether threads share the memory; false unless given. */
  readonly shared?: boolean | undefined
}

/** Makes a local variable of the function that is being written. */
export type NewLocal = <Type extends ValueType>(type: Type) => Local<Type>

/** Collects functions and encodes them as one module. */
export interface ModuleBuilder {
  /**
   * Adds a function with `parameterCount` i32 parameters and no result. `write` gives its body, which can call functions defined before.
   */
  define(parameterCount: number, write: (local: NewLocal, ...parameters: Local<'i32'>[]) => readonly Statement[]): FunctionRef
  /** Exports a function under a name. */
  export(name: string, target: FunctionRef): void
  /** The module in the binary format (WebAssembly specification, section 5.5). */
  encode(): ModuleBytes
}

const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00] as const
const sectionIds = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const
const functionType = 0x60
const kinds = { function: 0, memory: 2 } as const
/** Limits with a maximum (WebAssembly specification, section 5.3.7; shared memory: the threads proposal). */
const limits = { own: 1, shared: 3 } as const

function vector(items: readonly Bytes[]): Bytes {
  return unsigned(items.length) + items.join('')
}

function sized(bytes: Bytes): Bytes {
  return unsigned(bytes.length) + bytes
}

function text(value: string): Bytes {
  return sized(bytesOf(...new TextEncoder().encode(value)))
}

function section(id: number, items: readonly Bytes[]): Bytes {
  return bytesOf(id) + sized(vector(items))
}

/**
 * Starts an empty WebAssembly module.
 * @example
 * ```ts
 * import { createModule, fillMemory, i32 } from '@mobilenetv2/assembler'
 *
 * const module = createModule({ pages: 1 })
 * module.export('clear', module.define(1, (_, count) => [fillMemory(i32(0), count.get)]))
 * const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
 * const { instance } = await WebAssembly.instantiate(module.encode(), { env: { memory } })
 * ```
 */
export function createModule({ pages, shared = false }: MemoryLimits): ModuleBuilder {
  const functions: { readonly parameterCount: number; readonly body: Bytes }[] = []
  const exported: Bytes[] = []
  return {
    define(parameterCount, write) {
      const types: ValueType[] = []
      const newLocal: NewLocal = (type) => localVariable(parameterCount + types.push(type) - 1, type)
      const parameters = Array.from({ length: parameterCount }, (_, index) => localVariable(index, 'i32'))
      const body = sequence(write(newLocal, ...parameters))
      const locals = vector(types.map((type) => bytesOf(1, typeCodes[type])))
      functions.push({ parameterCount, body: sized(locals + body.bytes + opcode(immediateOpcodes.end)) })
      return { index: functions.length - 1, parameterCount }
    },
    export(name, target) {
      exported.push(text(name) + bytesOf(kinds.function) + unsigned(target.index))
    },
    encode() {
      const counts = [...new Set(functions.map(({ parameterCount }) => parameterCount))]
      const types = counts.map((count) => bytesOf(functionType) + sized(bytesOf(typeCodes.i32).repeat(count)) + vector([]))
      const limit = shared ? limits.shared : limits.own
      const memory = text('env') + text('memory') + bytesOf(kinds.memory, limit) + unsigned(pages) + unsigned(pages)
      const typeOfEach = functions.map(({ parameterCount }) => unsigned(counts.indexOf(parameterCount)))
      const bodies = functions.map(({ body }) => body)
      return toArray(
        bytesOf(...header) +
          section(sectionIds.type, types) +
          section(sectionIds.import, [memory]) +
          section(sectionIds.function, typeOfEach) +
          section(sectionIds.export, exported) +
          section(sectionIds.code, bodies),
      )
    },
  }
}
