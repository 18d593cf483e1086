import type { PlainValue } from '../checkpoint.js'
import { CheckpointError } from '../checkpoint-error.js'
import { type Budget, bytesPerValue } from './budget.js'

/** A value of a JSON file. Each method returns it as one type, and throws with its path if it has another. */
export interface JsonNode {
  readonly path: string
  readonly type: 'null' | 'array' | 'object' | 'text' | 'number' | 'boolean'
  /** Null if the file leaves it out. */
  member(name: string): JsonNode | null
  /** A member that must be there. */
  required(name: string): JsonNode
  array(): JsonNode[]
  /** The names of an object's members. */
  names(): string[]
  text(): string
  boolean(): boolean
  /** A finite number, or a number in a text, as protobuf writes 64-bit integers. */
  number(): number
  /** The value with everything inside it. */
  plain(): PlainValue
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value)
    ? 'an array'
    : typeof value === 'object'
      ? 'an object'
      : `${typeof value} ${String(value).slice(0, 40)}`
}

function typeOf(value: unknown): JsonNode['type'] {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'string') return 'text'
  if (typeof value === 'number') return 'number'
  return typeof value === 'boolean' ? 'boolean' : 'object'
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A class, because a file may have hundreds of thousands of values, which share its methods. */
class Node implements JsonNode {
  constructor(
    private readonly value: PlainValue,
    readonly path: string,
    private readonly budget: Budget,
  ) {}

  get type(): JsonNode['type'] {
    return typeOf(this.value)
  }

  member(name: string): JsonNode | null {
    const { value } = this
    if (!isObject(value)) return this.#refuse('an object')
    const found: PlainValue | undefined = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
    return found === undefined || found === null ? null : new Node(found, `${this.path}.${name}`, this.budget)
  }

  required(name: string): JsonNode {
    return this.member(name) ?? this.#refuse(`an object with ${name}`)
  }

  array(): JsonNode[] {
    const { value, path, budget } = this
    if (!Array.isArray(value)) return this.#refuse('an array')
    budget.items(value.length, path)
    budget.take(2 * bytesPerValue * value.length, path)
    return value.map((element, index) => new Node(element, `${path}[${index}]`, budget))
  }

  names(): string[] {
    return isObject(this.value) ? Object.keys(this.value) : this.#refuse('an object')
  }

  text(): string {
    return typeof this.value === 'string' ? this.value : this.#refuse('text')
  }

  boolean(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.#refuse('true or false')
  }

  number(): number {
    const { value } = this
    const number = typeof value === 'string' && value !== '' ? Number(value) : value
    return typeof number === 'number' && Number.isFinite(number) ? number : this.#refuse('a number')
  }

  plain(): PlainValue {
    return this.value
  }

  #refuse(expected: string): never {
    throw new CheckpointError('The JSON file does not have the form that its format demands.', {
      expected: `${expected} at ${this.path}`,
      got: describe(this.value),
    })
  }
}

/** @throws CheckpointError if the text is no JSON */
function parse(text: string): PlainValue {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new CheckpointError('The file begins like JSON, but is not valid JSON.', { cause })
  }
}

/** The offset of the quote that ends a JSON string whose text starts at `start`. A quote after an odd number of backslashes is text. */
function endOfText(bytes: Uint8Array, start: number): number {
  for (let end = start; ; end++) {
    end = bytes.indexOf(0x22, end)
    if (end < 0) return bytes.length
    let text = end
    // The quote that begins the text ends this loop.
    while (bytes[text - 1] === 0x5c) text--
    if ((end - text) % 2 === 0) return end
  }
}

/**
 * Checks JSON before it is parsed. `JSON.parse` needs memory for all that is in it. Of two members with one name it silently keeps the
 * last, but other readers keep the first.
 * @throws CheckpointError if it has more values than `budget` allows, or a name twice in one object
 */
function checkJson(bytes: Uint8Array, budget: Budget): void {
  const decoder = new TextDecoder()
  /** The names in each object that is not closed yet; null for an array. */
  const open: (Set<string> | null)[] = []
  const count = (): void => {
    budget.items(1, 'JSON')
    budget.take(bytesPerValue, 'JSON')
  }
  budget.take(2 * bytes.length, 'JSON')
  let text = bytes.subarray(0, 0)
  for (let at = 0; at < bytes.length; at++) {
    switch (String.fromCharCode(bytes[at]!)) {
      case '"': {
        const end = endOfText(bytes, at + 1)
        text = bytes.subarray(at, end + 1)
        at = end
        break
      }
      case '{':
      case '[':
        open.push(bytes[at] === 0x7b ? new Set() : null)
        budget.depth(open.length, 'JSON')
        count()
        break
      case '}':
      case ']':
        open.pop()
        break
      case ',':
        count()
        break
      case ':': {
        const name = String(parse(decoder.decode(text)))
        const names = open.at(-1)
        if (names?.has(name)) throw new CheckpointError('Two members of a JSON object have the same name.', { got: name })
        count()
        names?.add(name)
      }
    }
  }
}

/**
 * Parses a JSON file.
 * @throws CheckpointError if it is not JSON, has a name twice in one object, or asks for more than `budget` allows; each method of the node
 * if the value has another type
 */
export function readJson(bytes: Uint8Array, budget: Budget): JsonNode {
  checkJson(bytes, budget)
  return new Node(parse(new TextDecoder().decode(bytes)), '$', budget)
}
