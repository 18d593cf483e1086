import { type Bytes, bytesOf } from './bytes.js'
import { signed, unsigned } from './leb128.js'
import {
  immediateOpcodes,
  type LoadName,
  loadOpcodes,
  opcode,
  type PlainName,
  plainOpcodes,
  type StoreName,
  storeOpcodes,
  type ValueType,
} from './opcodes.js'

/** Encoded instructions that leave one value on the stack; a `Statement` leaves none. */
export interface Code<Type extends ValueType | 'nothing'> {
  /** The type of the value. */
  readonly type: Type
  /** The instructions in the binary format, as a string with a character for each byte. */
  readonly bytes: Bytes
}

/** Encoded instructions that leave no value on the stack. */
export type Statement = Code<'nothing'>

/** A parameter or local variable of a function. */
export interface Local<Type extends ValueType> {
  /** Reads the variable. */
  readonly get: Code<Type>
  /** Assigns a value to the variable. */
  set(value: Code<Type>): Statement
}

/** A function of a module. Its parameters are addresses and counts, all of them i32. It has no result. */
export interface FunctionRef {
  /** The number of the function in its module, from 0. */
  readonly index: number
  /** The number of its parameters. */
  readonly parameterCount: number
}

type Operands<Types extends readonly ValueType[]> = { readonly [Index in keyof Types]: Code<Types[Index]> }

/**
 * Applies a numeric instruction to its operands. The opcode table gives the types of the operands and of the result.
 * @example
 * ```ts
 * import { i32, op } from '@mobilenetv2/assembler'
 *
 * const product = op('i32.mul', i32(6), i32(7))
 * ```
 */
export function op<Name extends PlainName>(
  name: Name,
  ...operands: Operands<(typeof plainOpcodes)[Name]['takes']>
): Code<(typeof plainOpcodes)[Name]['gives']> {
  const { code, gives } = plainOpcodes[name]
  let bytes = ''
  for (const operand of operands as readonly Code<ValueType>[]) bytes += operand.bytes
  return { type: gives, bytes: bytes + opcode(code) }
}

function memoryImmediate(bytes: number, offset: number): Bytes {
  return unsigned(Math.log2(bytes)) + unsigned(offset)
}

/**
 * Reads a value at `address` + `offset`, in bytes.
 * @example
 * ```ts
 * import { i32, load } from '@mobilenetv2/assembler'
 *
 * const vector = load('v128.load', i32(1024), 16)
 * ```
 */
export function load<Name extends LoadName>(
  name: Name,
  address: Code<'i32'>,
  offset = 0,
): Code<(typeof loadOpcodes)[Name]['type']> {
  const { code, type, bytes } = loadOpcodes[name]
  return { type, bytes: address.bytes + opcode(code) + memoryImmediate(bytes, offset) }
}

/**
 * Writes `value` at `address` + `offset`, in bytes.
 * @example
 * ```ts
 * import { i32, load, store } from '@mobilenetv2/assembler'
 *
 * const copy = store('v128.store', i32(2048), load('v128.load', i32(1024)))
 * ```
 */
export function store<Name extends StoreName>(
  name: Name,
  address: Code<'i32'>,
  value: Code<(typeof storeOpcodes)[Name]['type']>,
  offset = 0,
): Statement {
  const { code, bytes } = storeOpcodes[name]
  return statement(address.bytes + value.bytes + opcode(code) + memoryImmediate(bytes, offset))
}

/**
 * Writes the first 8 bytes of `value` at `address` + `offset`, in bytes.
 * @example
 * ```ts
 * import { i32, load, storeHalf } from '@mobilenetv2/assembler'
 *
 * const copy = storeHalf(i32(2048), load('v128.load64_zero', i32(1024)))
 * ```
 */
export function storeHalf(address: Code<'i32'>, value: Code<'v128'>, offset = 0): Statement {
  const place = memoryImmediate(8, offset) + bytesOf(0)
  return statement(address.bytes + value.bytes + immediate('v128.store64_lane') + place)
}

function immediate(name: keyof typeof immediateOpcodes): Bytes {
  return opcode(immediateOpcodes[name])
}

function statement(bytes: Bytes): Statement {
  return { type: 'nothing', bytes }
}

/**
 * Runs statements one after the other.
 * @example
 * ```ts
 * import { fillMemory, i32, sequence } from '@mobilenetv2/assembler'
 *
 * const zeros = sequence([fillMemory(i32(0), i32(64)), fillMemory(i32(1024), i32(64))])
 * ```
 */
export function sequence(statements: readonly Statement[]): Statement {
  let bytes = ''
  for (const each of statements) bytes += each.bytes
  return statement(bytes)
}

/**
 * A constant of 32 bits. An address from 2^31 on is written as the negative integer with the same bits.
 * @example
 * ```ts
 * import { i32 } from '@mobilenetv2/assembler'
 *
 * const address = i32(65_536)
 * ```
 */
export function i32(value: number): Code<'i32'> {
  return { type: 'i32', bytes: immediate('i32.const') + signed(value) }
}

/**
 * A float32 constant; the value is rounded to float32.
 * @example
 * ```ts
 * import { f32, op } from '@mobilenetv2/assembler'
 *
 * const sixes = op('f32x4.splat', f32(6))
 * ```
 */
export function f32(value: number): Code<'f32'> {
  return { type: 'f32', bytes: immediate('f32.const') + bytesOf(...new Uint8Array(new Float32Array([value]).buffer)) }
}

/**
 * A constant vector of 16 bytes, each 0 to 255.
 * @throws RangeError if there are not 16 values
 * @example
 * ```ts
 * import { bytes16 } from '@mobilenetv2/assembler'
 *
 * const ones = bytes16(new Array<number>(16).fill(1))
 * ```
 */
export function bytes16(values: readonly number[]): Code<'v128'> {
  return { type: 'v128', bytes: immediate('v128.const') + sixteen(values) }
}

/**
 * A vector of 16 bytes that are picked from `a` and `b`.
 * @param lanes the numbers of the bytes: 0 to 15 for those of `a`, 16 to 31 for those of `b`
 * @throws RangeError if there are not 16 lanes
 * @example
 * ```ts
 * import { bytes16, shuffle } from '@mobilenetv2/assembler'
 *
 * const lanes = Array.from({ length: 16 }, (_, lane) => lane)
 * const reversed = shuffle(bytes16(lanes), bytes16(lanes), [...lanes].reverse())
 * ```
 */
export function shuffle(a: Code<'v128'>, b: Code<'v128'>, lanes: readonly number[]): Code<'v128'> {
  return { type: 'v128', bytes: a.bytes + b.bytes + immediate('i8x16.shuffle') + sixteen(lanes) }
}

function sixteen(values: readonly number[]): Bytes {
  if (values.length !== 16) throw new RangeError(`${values.length} bytes for a vector of 16`)
  return bytesOf(...values)
}

/** The local variable with the number `index`. The parameters come first. */
export function localVariable<Type extends ValueType>(index: number, type: Type): Local<Type> {
  const set = immediate('local.set') + unsigned(index)
  return {
    get: { type, bytes: immediate('local.get') + unsigned(index) },
    set: (value) => statement(value.bytes + set),
  }
}

/** The type of a loop or branch that leaves nothing on the stack (WebAssembly specification, section 5.4.1). */
const noResult = 0x40

/**
 * Runs `body` once, and then again as long as `again` is not 0.
 * @example
 * ```ts
 * import { advance, createModule, i32, loopWhile, op } from '@mobilenetv2/assembler'
 *
 * createModule({ pages: 1 }).define(1, (local, count) => {
 *   const index = local('i32')
 *   return [index.set(i32(0)), loopWhile([advance(index, 1)], op('i32.lt_u', index.get, count.get))]
 * })
 * ```
 */
export function loopWhile(body: readonly Statement[], again: Code<'i32'>): Statement {
  const looped = sequence(body).bytes + again.bytes + immediate('br_if') + bytesOf(0)
  return statement(immediate('loop') + bytesOf(noResult) + looped + immediate('end'))
}

/**
 * Runs `body` if `condition` is not 0.
 * @example
 * ```ts
 * import { createModule, fillMemory, i32, when } from '@mobilenetv2/assembler'
 *
 * createModule({ pages: 1 }).define(1, (_, count) => [when(count.get, [fillMemory(i32(0), count.get)])])
 * ```
 */
export function when(condition: Code<'i32'>, body: readonly Statement[]): Statement {
  return statement(condition.bytes + immediate('if') + bytesOf(noResult) + sequence(body).bytes + immediate('end'))
}

/**
 * Calls a function of the same module.
 * @throws RangeError if the number of values is not the number of parameters
 * @example
 * ```ts
 * import { call, createModule, fillMemory, i32 } from '@mobilenetv2/assembler'
 *
 * const module = createModule({ pages: 1 })
 * const clear = module.define(1, (_, count) => [fillMemory(i32(0), count.get)])
 * module.define(0, () => [call(clear, i32(64))])
 * ```
 */
export function call(target: FunctionRef, ...values: Code<'i32'>[]): Statement {
  if (values.length !== target.parameterCount)
    throw new RangeError(`${values.length} values for ${target.parameterCount} parameters`)
  return statement(values.map((value) => value.bytes).join('') + immediate('call') + unsigned(target.index))
}

/**
 * Copies `bytes` bytes in the memory; the regions may overlap.
 * @example
 * ```ts
 * import { copyMemory, i32 } from '@mobilenetv2/assembler'
 *
 * const move = copyMemory(i32(2048), i32(1024), i32(256))
 * ```
 */
export function copyMemory(to: Code<'i32'>, from: Code<'i32'>, bytes: Code<'i32'>): Statement {
  return statement(to.bytes + from.bytes + bytes.bytes + immediate('memory.copy') + bytesOf(0, 0))
}

/**
 * Sets `bytes` bytes of the memory to `value`, 0 to 255; 0 unless given.
 * @example
 * ```ts
 * import { fillMemory, i32 } from '@mobilenetv2/assembler'
 *
 * const zeros = fillMemory(i32(1024), i32(256))
 * ```
 */
export function fillMemory(at: Code<'i32'>, bytes: Code<'i32'>, value = 0): Statement {
  return statement(at.bytes + i32(value).bytes + bytes.bytes + immediate('memory.fill') + bytesOf(0))
}

/**
 * Adds a constant to an i32. If the constant is 0, no instruction is written.
 * @example
 * ```ts
 * import { i32, plus } from '@mobilenetv2/assembler'
 *
 * const address = plus(i32(1024), 16)
 * ```
 */
export function plus(value: Code<'i32'>, constant: number): Code<'i32'> {
  return constant === 0 ? value : op('i32.add', value, i32(constant))
}

/**
 * Adds a constant to a variable: `pointer += bytes`.
 * @example
 * ```ts
 * import { advance, createModule } from '@mobilenetv2/assembler'
 *
 * createModule({ pages: 1 }).define(1, (_, pointer) => [advance(pointer, 16)])
 * ```
 */
export function advance(pointer: Local<'i32'>, bytes: number): Statement {
  return pointer.set(plus(pointer.get, bytes))
}
