import { CheckpointError } from '../../checkpoint-error.js'
import { type Budget, longestName } from '../budget.js'
import { damagedPickle as damaged, readPickleBytes } from './bytes.js'
import { bytesOfRepr, floatOfLine, integerOfLine, textOfEscapes, textOrBytes } from './lines.js'
import { newestProtocol, opcodes } from './opcodes.js'
import { describeValue, isGlobal, isInstance, type PickleDictionary, type PickleInstance, type PickleValue } from './value.js'

/** Bytes that a JavaScript engine needs for a value of each kind, rounded up. */
const weights = { dictionary: 256, list: 64, instance: 128, entry: 48, value: 16 } as const

/** Functions of Python that create an object of the class in their first parameter. */
const constructors: ReadonlyMap<string, (parameters: readonly PickleValue[]) => readonly PickleValue[]> = new Map([
  ['copyreg._reconstructor', ([, , state]) => (state === null || state === undefined ? [] : [state])],
  ['copy_reg._reconstructor', ([, , state]) => (state === null || state === undefined ? [] : [state])],
  ['copyreg.__newobj__', ([, ...rest]) => rest],
  ['copy_reg.__newobj__', ([, ...rest]) => rest],
  ['copyreg.__newobj_ex__', ([, ...rest]) => rest],
])

function newInstance(type: string, parameters: readonly PickleValue[]): PickleInstance {
  return { kind: 'instance', type, parameters, state: null, items: null, elements: null }
}

/** The value of a pickle. */
export interface Unpickled {
  readonly value: PickleValue
  /** The offset after its end. */
  readonly end: number
}

/**
 * Runs the program of a pickle. It may name every global, since nothing of Python is called: an object that Python would create becomes a
 * record of the function's name and its parameters.
 * @param persistent gives the object for a persistent id
 * @throws CheckpointError if the pickle is damaged, or needs more memory than `budget` allows
 */
export function unpickle(
  bytes: Uint8Array,
  budget: Budget,
  persistent: (id: PickleValue) => PickleValue = (id) => newInstance('persistent id', [id]),
  start = 0,
): Unpickled {
  const reader = readPickleBytes(bytes, start)
  const memo = new Map<number, PickleValue>()
  let stack: PickleValue[] = []
  const marked: PickleValue[][] = []

  const take = (weight: number): void => budget.take(weight, 'the values of its pickle')
  const push = (value: PickleValue, weight: number = weights.value): void => {
    take(weight)
    stack.push(value)
  }
  const pop = (): PickleValue => {
    const value = stack.pop()
    return value === undefined ? damaged('its stack is empty', `offset ${reader.position}`) : value
  }
  const top = (): PickleValue => {
    const value = stack.at(-1)
    return value === undefined ? damaged('its stack is empty', `offset ${reader.position}`) : value
  }
  /** Removes the values since the last mark, and returns them. */
  const popMark = (): PickleValue[] => {
    const values = stack
    stack = marked.pop() ?? damaged('it has no mark', `offset ${reader.position}`)
    return values
  }
  const pushTuple = (length: number): void => {
    const values = Array.from({ length }, pop)
    push(values.reverse(), weights.list)
  }
  const append = (values: readonly PickleValue[]): void => {
    const target = top()
    if (!Array.isArray(target) && !isInstance(target)) damaged('it appends to a value that is no list', describeValue(target))
    take(values.length * weights.value)
    if (isInstance(target)) target.elements ??= []
    const list = isInstance(target) ? target.elements! : target
    for (const value of values) list.push(value)
  }
  const fill = (dictionary: PickleDictionary, items: readonly PickleValue[]): void => {
    if (items.length % 2 !== 0) damaged('a key has no value', `offset ${reader.position}`)
    take(items.length * weights.entry)
    for (let index = 0; index < items.length; index += 2) dictionary.set(items[index]!, items[index + 1]!)
  }
  const setItems = (items: readonly PickleValue[]): void => {
    const target = top()
    if (!(target instanceof Map) && !isInstance(target))
      damaged('it sets items of a value that is no dictionary', describeValue(target))
    if (target instanceof Map) fill(target, items)
    else {
      if (target.items === null) take(weights.dictionary)
      target.items ??= new Map()
      fill(target.items, items)
    }
  }
  const pushGlobal = (module: PickleValue, name: PickleValue): void => {
    if (typeof module !== 'string' || typeof name !== 'string' || module.length > longestName || name.length > longestName) {
      damaged('a global has no name, or a long one', `${describeValue(module)}, ${describeValue(name)}`)
    }
    if (module === 'joblib.numpy_pickle') {
      throw new CheckpointError('The file was written by joblib, which puts arrays between the instructions of a pickle.', {
        remedy: 'Save the arrays with numpy.savez, or with pickle.dump.',
      })
    }
    push({ kind: 'global', name: `${module}.${name}` }, weights.list)
  }
  /** The object that a call describes. */
  const pushInstance = (callee: PickleValue, parameters: PickleValue): void => {
    if (!Array.isArray(parameters) || !(isGlobal(callee) || isInstance(callee))) {
      damaged('it calls a value that is no function', describeValue(callee))
    }
    const type = isGlobal(callee) ? callee.name : callee.type
    const make = constructors.get(type)
    const [first] = parameters
    if (make !== undefined && isGlobal(first)) {
      take(parameters.length * weights.value)
      push(newInstance(first.name, make(parameters)), weights.instance)
    } else push(newInstance(type, parameters), weights.instance)
  }
  const put = (index: number): void => {
    take(weights.entry)
    memo.set(index, top())
  }
  const get = (index: number): void => {
    const value = memo.get(index)
    push(
      value === undefined ? damaged('it reads an entry of its memo that it has not written', `offset ${reader.position}`) : value,
    )
  }
  const indexOfLine = (): number => Number(integerOfLine(reader.line(), false))

  for (;;) {
    budget.items(1, 'the instructions of its pickle')
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
        take(weights.list)
        marked.push(stack)
        stack = []
        break
      case opcodes.stop:
        return { value: pop(), end: reader.position }
      case opcodes.pop:
        // In Python it may remove a mark as well.
        if (stack.length > 0) stack.pop()
        else popMark()
        break
      case opcodes.popMark:
        popMark()
        break
      case opcodes.duplicate:
        push(top())
        break
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
      case opcodes.int:
        push(integerOfLine(reader.line(), true))
        break
      case opcodes.long:
        push(integerOfLine(reader.line(), false))
        break
      case opcodes.long1:
        push(reader.integer(reader.uint8()))
        break
      case opcodes.long4:
        push(reader.integer(reader.uint32()))
        break
      case opcodes.binFloat:
        push(reader.float64())
        break
      case opcodes.float:
        push(floatOfLine(reader.line()))
        break
      case opcodes.string:
        push(textOrBytes(bytesOfRepr(reader.line())), weights.instance)
        break
      case opcodes.unicode:
        push(textOfEscapes(reader.lineBytes()))
        break
      case opcodes.binUnicode:
        push(reader.text(reader.uint32()))
        break
      case opcodes.shortBinUnicode:
        push(reader.text(reader.uint8()))
        break
      case opcodes.binString:
        push(textOrBytes(reader.bytes(reader.uint32())), weights.instance)
        break
      case opcodes.shortBinString:
        push(textOrBytes(reader.bytes(reader.uint8())), weights.instance)
        break
      case opcodes.binUnicode8:
        push(reader.text(reader.uint64()))
        break
      case opcodes.shortBinBytes:
        push(reader.bytes(reader.uint8()), weights.instance)
        break
      case opcodes.binBytes:
        push(reader.bytes(reader.uint32()), weights.instance)
        break
      case opcodes.binBytes8:
      case opcodes.byteArray8:
        push(reader.bytes(reader.uint64()), weights.instance)
        break
      case opcodes.emptyTuple:
      case opcodes.emptyList:
      case opcodes.emptySet:
        push([], weights.list)
        break
      case opcodes.tuple1:
        pushTuple(1)
        break
      case opcodes.tuple2:
        pushTuple(2)
        break
      case opcodes.tuple3:
        pushTuple(3)
        break
      case opcodes.tuple:
      case opcodes.list:
      case opcodes.frozenSet: {
        const values = popMark()
        push(values, weights.list)
        break
      }
      case opcodes.append:
        append([pop()])
        break
      case opcodes.appends:
      case opcodes.addItems: {
        const values = popMark()
        append(values)
        break
      }
      case opcodes.emptyDict:
        push(new Map(), weights.dictionary)
        break
      case opcodes.dict: {
        const items = popMark()
        push(new Map(), weights.dictionary)
        setItems(items)
        break
      }
      case opcodes.setItem: {
        const [value, key] = [pop(), pop()]
        setItems([key, value])
        break
      }
      case opcodes.setItems: {
        const items = popMark()
        setItems(items)
        break
      }
      case opcodes.put:
        put(indexOfLine())
        break
      case opcodes.binPut:
        put(reader.uint8())
        break
      case opcodes.longBinPut:
        put(reader.uint32())
        break
      case opcodes.memoize:
        put(memo.size)
        break
      case opcodes.get:
        get(indexOfLine())
        break
      case opcodes.binGet:
        get(reader.uint8())
        break
      case opcodes.longBinGet:
        get(reader.uint32())
        break
      case opcodes.global: {
        const module = reader.line()
        pushGlobal(module, reader.line())
        break
      }
      case opcodes.stackGlobal: {
        const [name, module] = [pop(), pop()]
        pushGlobal(module, name)
        break
      }
      case opcodes.reduce:
      case opcodes.newObject: {
        const [parameters, callee] = [pop(), pop()]
        pushInstance(callee, parameters)
        break
      }
      case opcodes.newObjectEx: {
        const [named, parameters, callee] = [pop(), pop(), pop()]
        if (!Array.isArray(parameters))
          return damaged('it calls a function without a tuple of parameters', describeValue(parameters))
        take(parameters.length * weights.value)
        pushInstance(callee, named instanceof Map && named.size === 0 ? parameters : [...parameters, named])
        break
      }
      case opcodes.inst: {
        const module = reader.line()
        const parameters = popMark()
        pushGlobal(module, reader.line())
        pushInstance(pop(), parameters)
        break
      }
      case opcodes.obj: {
        const [callee = null, ...parameters] = popMark()
        pushInstance(callee, parameters)
        break
      }
      case opcodes.build: {
        const state = pop()
        const target = top()
        // The attributes of a dictionary, such as the `_metadata` of a state dict, contain no parameters.
        if (isInstance(target)) target.state = state
        else if (!(target instanceof Map) && !Array.isArray(target)) {
          damaged('it sets attributes of a value that is no object', describeValue(target))
        }
        break
      }
      case opcodes.persistentId:
        push(persistent(reader.line()), weights.instance)
        break
      case opcodes.binPersistentId:
        push(persistent(pop()), weights.instance)
        break
      case opcodes.extension1:
      case opcodes.extension2:
      case opcodes.extension4:
        throw new CheckpointError(
          'The pickle names a class by a number of a registry (copyreg.add_extension), which no file holds.',
          {
            got: `offset ${at}`,
            remedy: 'Save it where the class is not registered.',
          },
        )
      case opcodes.nextBuffer:
      case opcodes.readonlyBuffer:
        throw new CheckpointError("The pickle's buffers were saved apart from it (buffer_callback), and are not in the file.", {
          got: `offset ${at}`,
          remedy: 'Save it with pickle.dump(…) without buffer_callback.',
        })
      default:
        throw new CheckpointError('The pickle has an instruction that no protocol knows.', {
          expected: 'the instructions of protocols 0 to 5',
          got: `opcode 0x${opcode.toString(16).padStart(2, '0')} at offset ${at}`,
          remedy: 'The file is damaged, or no pickle.',
        })
    }
  }
}
