import { signed, unsigned } from './leb128.js'
import {
  immediateOpcodes,
  type LoadName,
  loadOpcodes,
  type PlainName,
  plainOpcodes,
  type StoreName,
  storeOpcodes,
  type ValueType,
} from './opcodes.js'

/** Bytes as a tree, which `flatten` writes out once: large code is not copied at every level of its nesting. */
export type Bytes = readonly (number | Bytes)[]

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
  return { type: gives, bytes: [...operands.map((operand: Code<ValueType>) => operand.bytes), code] }
}

function memoryImmediate(bytes: number, offset: number): number[] {
  return [...unsigned(Math.log2(bytes)), ...unsigned(offset)]
}

/** Reads at `address` + `offset` bytes. */
export function load<Name extends LoadName>(
  name: Name,
  address: Code<'i32'>,
  offset = 0,
): Code<(typeof loadOpcodes)[Name]['type']> {
  const { code, type, bytes } = loadOpcodes[name]
  return { type, bytes: [address.bytes, code, memoryImmediate(bytes, offset)] }
}

/** Writes `value` at `address` + `offset` bytes. */
export function store<Name extends StoreName>(
  name: Name,
  address: Code<'i32'>,
  value: Code<(typeof storeOpcodes)[Name]['type']>,
  offset = 0,
): Statement {
  const { code, bytes } = storeOpcodes[name]
  return statement([address.bytes, value.bytes, code, memoryImmediate(bytes, offset)])
}

function statement(bytes: Bytes): Statement {
  return { type: 'nothing', bytes }
}

/** The bytes of a tree in order, appended to `to`. */
export function flatten(bytes: Bytes, to: number[] = []): number[] {
  for (const each of bytes) {
    if (typeof each === 'number') to.push(each)
    else flatten(each, to)
  }
  return to
}

/** Statements one after the other. */
export function sequence(statements: readonly Statement[]): Statement {
  return statement(statements.map((each) => each.bytes))
}

export function i32(value: number): Code<'i32'> {
  return { type: 'i32', bytes: [...immediateOpcodes['i32.const'], ...signed(value)] }
}

export function f32(value: number): Code<'f32'> {
  return { type: 'f32', bytes: [...immediateOpcodes['f32.const'], ...new Uint8Array(new Float32Array([value]).buffer)] }
}

/** Local variable number `index`, parameters first. */
export function localVariable<Type extends ValueType>(index: number, type: Type): Local<Type> {
  return {
    get: { type, bytes: [...immediateOpcodes['local.get'], ...unsigned(index)] },
    set: (value) => statement([value.bytes, immediateOpcodes['local.set'], unsigned(index)]),
  }
}

const noResult = 0x40

/** Runs `body`, and again as long as `again` is not 0. */
export function loopWhile(body: readonly Statement[], again: Code<'i32'>): Statement {
  const { loop, br_if, end } = immediateOpcodes
  return statement([loop, noResult, sequence(body).bytes, again.bytes, br_if, 0, end])
}

/** Runs `body` where `condition` is not 0. */
export function when(condition: Code<'i32'>, body: readonly Statement[]): Statement {
  return statement([condition.bytes, immediateOpcodes.if, noResult, sequence(body).bytes, immediateOpcodes.end])
}

export function call(target: FunctionRef, ...values: Code<'i32'>[]): Statement {
  if (values.length !== target.parameterCount)
    throw new RangeError(`${values.length} values for ${target.parameterCount} parameters`)
  return statement([...values.map((value) => value.bytes), immediateOpcodes.call, unsigned(target.index)])
}

/** Copies `bytes` bytes; the regions may overlap. */
export function copyMemory(to: Code<'i32'>, from: Code<'i32'>, bytes: Code<'i32'>): Statement {
  return statement([to.bytes, from.bytes, bytes.bytes, immediateOpcodes['memory.copy'], 0, 0])
}

/** Sets `bytes` bytes to 0. */
export function clearMemory(at: Code<'i32'>, bytes: Code<'i32'>): Statement {
  return statement([at.bytes, i32(0).bytes, bytes.bytes, immediateOpcodes['memory.fill'], 0])
}
