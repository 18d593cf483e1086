import { CheckpointError } from '../checkpoint-error.js'
import { damagedPickle as damaged, readPickleBytes } from './pickle-bytes.js'

/** A name that a pickle imports: a function or class of Python, which nothing here ever calls. */
export interface PickleGlobal {
  readonly kind: 'global'
  readonly name: string
}

/** An object that `PickleHooks` made. */
export interface PickleObject<Content> {
  readonly kind: 'object'
  readonly content: Content
}

export type PickleDictionary<Content> = Map<PickleValue<Content>, PickleValue<Content>>

export type PickleValue<Content> =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleGlobal
  | PickleObject<Content>
  | PickleValue<Content>[]
  | PickleDictionary<Content>

/** What the pickle of one format may import, and what comes of it. Both throw CheckpointError at what they do not know. */
export interface PickleHooks<Content> {
  /** Whether a global may be named. */
  allows(name: string): boolean
  /** The result of calling an allowed global. */
  call(name: string, parameters: readonly PickleValue<Content>[]): PickleValue<Content>
  /** The object that a persistent id stands for. */
  persistent(id: PickleValue<Content>): PickleValue<Content>
}

const opcodes = {
  mark: 0x28,
  emptyTuple: 0x29,
  stop: 0x2e,
  binFloat: 0x47,
  binInt: 0x4a,
  binInt1: 0x4b,
  binInt2: 0x4d,
  none: 0x4e,
  binPersistentId: 0x51,
  reduce: 0x52,
  binString: 0x54,
  shortBinString: 0x55,
  binUnicode: 0x58,
  emptyList: 0x5d,
  append: 0x61,
  build: 0x62,
  global: 0x63,
  appends: 0x65,
  binGet: 0x68,
  longBinGet: 0x6a,
  binPut: 0x71,
  longBinPut: 0x72,
  setItem: 0x73,
  tuple: 0x74,
  setItems: 0x75,
  emptyDict: 0x7d,
  protocol: 0x80,
  tuple1: 0x85,
  tuple2: 0x86,
  tuple3: 0x87,
  newTrue: 0x88,
  newFalse: 0x89,
  long1: 0x8a,
  shortBinUnicode: 0x8c,
  stackGlobal: 0x93,
  memoize: 0x94,
  frame: 0x95,
} as const

/** The protocols whose opcodes are those above; torch.save writes 2. */
const newestProtocol = 5

/** A MobileNetV2's state dict takes 14,000, a training checkpoint some times as many; each may make an object of 200 bytes. */
const mostInstructions = 250_000

/**
 * Runs a pickle's program as far as a state dict needs it: every opcode that is not in the table above, and every global that
 * `hooks` does not allow, ends it. Nothing of Python is called.
 * @returns the object, and the offset after its end
 * @throws CheckpointError if the pickle is damaged, or asks for more than that
 */
export function unpickle<Content>(
  bytes: Uint8Array,
  hooks: PickleHooks<Content>,
  start = 0,
): { readonly value: PickleValue<Content>; readonly end: number } {
  type Value = PickleValue<Content>
  const reader = readPickleBytes(bytes, start)
  const memo = new Map<number, Value>()
  let stack: Value[] = []
  const marked: Value[][] = []

  const push = (value: Value): void => {
    stack.push(value)
  }
  const pop = (): Value => {
    const value = stack.pop()
    return value === undefined ? damaged('its stack is empty', `offset ${reader.position}`) : value
  }
  const top = (): Value => {
    const value = stack.at(-1)
    return value === undefined ? damaged('its stack is empty', `offset ${reader.position}`) : value
  }
  /** The values since the last mark, which end their stack. */
  const popMark = (): Value[] => {
    const values = stack
    stack = marked.pop() ?? damaged('it has no mark', `offset ${reader.position}`)
    return values
  }
  const popTuple = (length: number): void => {
    const values = Array.from({ length }, pop)
    push(values.reverse())
  }
  const listAt = (value: Value): Value[] => (Array.isArray(value) ? value : damaged('it appends to no list', typeof value))
  const setItems = (target: Value, items: readonly Value[]): void => {
    if (!(target instanceof Map) || items.length % 2 !== 0) damaged('it sets items of no dictionary', `offset ${reader.position}`)
    for (let index = 0; index < items.length; index += 2) target.set(items[index]!, items[index + 1]!)
  }
  const pushGlobal = (module: string, name: string): void => {
    const global = `${module}.${name}`
    if (!hooks.allows(global)) {
      throw new CheckpointError('The pickle names something that a state dict does not need, so it is not run.', {
        expected: 'tensors in dictionaries',
        got: global,
        remedy: 'Save model.state_dict() instead of the model, from a source that you trust.',
      })
    }
    push({ kind: 'global', name: global })
  }

  for (let count = 1; ; count++) {
    if (count > mostInstructions) damaged('it has too many instructions', `over ${mostInstructions}`)
    const at = reader.position
    const opcode = reader.uint8()
    switch (opcode) {
      case opcodes.protocol: {
        const protocol = reader.uint8()
        if (protocol > newestProtocol) damaged('its protocol is not known', String(protocol))
        break
      }
      case opcodes.frame:
        reader.uint64()
        break
      case opcodes.mark:
        marked.push(stack)
        stack = []
        break
      case opcodes.stop:
        return { value: pop(), end: reader.position }
      case opcodes.none:
        push(null)
        break
      case opcodes.newTrue:
        push(true)
        break
      case opcodes.newFalse:
        push(false)
        break
      case opcodes.binInt:
        push(reader.int32())
        break
      case opcodes.binInt1:
        push(reader.uint8())
        break
      case opcodes.binInt2:
        push(reader.uint16())
        break
      case opcodes.long1:
        push(reader.integer(reader.uint8()))
        break
      case opcodes.binFloat:
        push(reader.float64())
        break
      case opcodes.binUnicode:
      case opcodes.binString:
        push(reader.text(reader.uint32()))
        break
      case opcodes.shortBinUnicode:
      case opcodes.shortBinString:
        push(reader.text(reader.uint8()))
        break
      case opcodes.emptyTuple:
      case opcodes.emptyList:
        push([])
        break
      case opcodes.tuple1:
        popTuple(1)
        break
      case opcodes.tuple2:
        popTuple(2)
        break
      case opcodes.tuple3:
        popTuple(3)
        break
      case opcodes.tuple: {
        const values = popMark()
        push(values)
        break
      }
      case opcodes.append: {
        const value = pop()
        listAt(top()).push(value)
        break
      }
      case opcodes.appends: {
        const values = popMark()
        const list = listAt(top())
        for (const value of values) list.push(value)
        break
      }
      case opcodes.emptyDict:
        push(new Map())
        break
      case opcodes.setItem: {
        const [value, key] = [pop(), pop()]
        setItems(top(), [key, value])
        break
      }
      case opcodes.setItems: {
        const items = popMark()
        setItems(top(), items)
        break
      }
      case opcodes.binPut:
        memo.set(reader.uint8(), top())
        break
      case opcodes.longBinPut:
        memo.set(reader.uint32(), top())
        break
      case opcodes.memoize:
        memo.set(memo.size, top())
        break
      case opcodes.binGet:
      case opcodes.longBinGet: {
        const value = memo.get(opcode === opcodes.binGet ? reader.uint8() : reader.uint32())
        push(value === undefined ? damaged('it gets what it has not put', `offset ${at}`) : value)
        break
      }
      case opcodes.global: {
        const module = reader.line()
        pushGlobal(module, reader.line())
        break
      }
      case opcodes.stackGlobal: {
        const [name, module] = [pop(), pop()]
        if (typeof name !== 'string' || typeof module !== 'string') return damaged('a global has no name', `offset ${at}`)
        pushGlobal(module, name)
        break
      }
      case opcodes.reduce: {
        const [parameters, callee] = [pop(), pop()]
        if (
          !Array.isArray(parameters) ||
          callee === null ||
          typeof callee !== 'object' ||
          !('kind' in callee) ||
          callee.kind !== 'global'
        ) {
          return damaged('it calls what cannot be called', `offset ${at}`)
        }
        push(hooks.call(callee.name, parameters))
        break
      }
      case opcodes.build: {
        // Attributes such as a state dict's _metadata, which hold no parameters.
        pop()
        if (!(top() instanceof Map)) damaged('it sets attributes of other than a dictionary', `offset ${at}`)
        break
      }
      case opcodes.binPersistentId:
        push(hooks.persistent(pop()))
        break
      default:
        throw new CheckpointError('The pickle has an instruction that a state dict does not need, so it is not run.', {
          expected: 'the instructions of torch.save(model.state_dict())',
          got: `opcode 0x${opcode.toString(16).padStart(2, '0')} at offset ${at}`,
        })
    }
  }
}
