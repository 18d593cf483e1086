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

/** Encoded instructions that leave one value of a type on the stack; a `Statement` leaves none. */
export interface Code<Type extends ValueType | 'nothing'> {
  readonly type: Type
  readonly bytes: Bytes
}
export type Statement = Code<'nothing'>

/** A function's parameter or local variable. */
export interface Local<Type extends ValueType> {
  readonly get: Code<Type>
  set(value: Code<Type>): Statement
}

/** A function of a module: parameters are addresses and counts, all i32; no result. */
export interface FunctionRef {
  readonly index: number
  readonly parameterCount: number
}

type Operands<Types extends readonly ValueType[]> = { readonly [Index in keyof Types]: Code<Types[Index]> }

/** A numeric instruction applied to its operands, whose types the opcode table gives. */
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

/** Reads at `address` + `offset` bytes. */
export function load<Name extends LoadName>(
  name: Name,
  address: Code<'i32'>,
  offset = 0,
): Code<(typeof loadOpcodes)[Name]['type']> {
  const { code, type, bytes } = loadOpcodes[name]
  return { type, bytes: address.bytes + opcode(code) + memoryImmediate(bytes, offset) }
}

/** Writes `value` at `address` + `offset` bytes. */
export function store<Name extends StoreName>(
  name: Name,
  address: Code<'i32'>,
  value: Code<(typeof storeOpcodes)[Name]['type']>,
  offset = 0,
): Statement {
  const { code, bytes } = storeOpcodes[name]
  return statement(address.bytes + value.bytes + opcode(code) + memoryImmediate(bytes, offset))
}

/** Writes the first 8 bytes of `value` at `address` + `offset` bytes. */
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

/** Statements one after the other. */
export function sequence(statements: readonly Statement[]): Statement {
  let bytes = ''
  for (const each of statements) bytes += each.bytes
  return statement(bytes)
}

export function i32(value: number): Code<'i32'> {
  return { type: 'i32', bytes: immediate('i32.const') + signed(value) }
}

export function f32(value: number): Code<'f32'> {
  return { type: 'f32', bytes: immediate('f32.const') + bytesOf(...new Uint8Array(new Float32Array([value]).buffer)) }
}

/** A constant vector of 16 bytes. */
export function bytes16(values: readonly number[]): Code<'v128'> {
  return { type: 'v128', bytes: immediate('v128.const') + sixteen(values) }
}

/** 16 bytes of `a` and `b`, of which `lanes` gives the numbers: those of `b` from 16 on. */
export function shuffle(a: Code<'v128'>, b: Code<'v128'>, lanes: readonly number[]): Code<'v128'> {
  return { type: 'v128', bytes: a.bytes + b.bytes + immediate('i8x16.shuffle') + sixteen(lanes) }
}

function sixteen(values: readonly number[]): Bytes {
  if (values.length !== 16) throw new RangeError(`${values.length} bytes for a vector of 16`)
  return bytesOf(...values)
}

/** Local variable number `index`, parameters first. */
export function localVariable<Type extends ValueType>(index: number, type: Type): Local<Type> {
  const set = immediate('local.set') + unsigned(index)
  return {
    get: { type, bytes: immediate('local.get') + unsigned(index) },
    set: (value) => statement(value.bytes + set),
  }
}

/** The type of a loop or branch that leaves nothing on the stack (WebAssembly specification, section 5.4.1). */
const noResult = 0x40

/** Runs `body`, and again as long as `again` is not 0. */
export function loopWhile(body: readonly Statement[], again: Code<'i32'>): Statement {
  const looped = sequence(body).bytes + again.bytes + immediate('br_if') + bytesOf(0)
  return statement(immediate('loop') + bytesOf(noResult) + looped + immediate('end'))
}

/** Runs `body` where `condition` is not 0. */
export function when(condition: Code<'i32'>, body: readonly Statement[]): Statement {
  return statement(condition.bytes + immediate('if') + bytesOf(noResult) + sequence(body).bytes + immediate('end'))
}

export function call(target: FunctionRef, ...values: Code<'i32'>[]): Statement {
  if (values.length !== target.parameterCount)
    throw new RangeError(`${values.length} values for ${target.parameterCount} parameters`)
  return statement(values.map((value) => value.bytes).join('') + immediate('call') + unsigned(target.index))
}

/** Copies `bytes` bytes; the regions may overlap. */
export function copyMemory(to: Code<'i32'>, from: Code<'i32'>, bytes: Code<'i32'>): Statement {
  return statement(to.bytes + from.bytes + bytes.bytes + immediate('memory.copy') + bytesOf(0, 0))
}

/** Sets `bytes` bytes to `value`, 0 unless given. */
export function fillMemory(at: Code<'i32'>, bytes: Code<'i32'>, value = 0): Statement {
  return statement(at.bytes + i32(value).bytes + bytes.bytes + immediate('memory.fill') + bytesOf(0))
}

export function plus(value: Code<'i32'>, constant: number): Code<'i32'> {
  return constant === 0 ? value : op('i32.add', value, i32(constant))
}

/** pointer += bytes. */
export function advance(pointer: Local<'i32'>, bytes: number): Statement {
  return pointer.set(plus(pointer.get, bytes))
}
