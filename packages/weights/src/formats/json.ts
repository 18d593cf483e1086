import { CheckpointError } from '../checkpoint-error.js'

/** The model.json of a MobileNetV2 takes under 1 MB; parsed, JSON may take sixteen times its bytes. */
export const longestJson: number = 4 * 1024 * 1024

/** A MobileNetV2 has under 1000 nodes and weights. */
const mostElements = 20_000

/** A value of a JSON file, asked for the type that it should have; each question names where it is. */
export interface JsonNode {
  readonly path: string
  readonly type: 'null' | 'array' | 'object' | 'text' | 'number' | 'boolean'
  /** Null where the file leaves it out. */
  member(name: string): JsonNode | null
  /** A member that must be there. */
  required(name: string): JsonNode
  array(): JsonNode[]
  /** The names of an object's members. */
  names(): string[]
  text(): string
  boolean(): boolean
  /** A finite number, or one in text, as protobuf writes 64-bit integers. */
  number(): number
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

function node(value: unknown, path: string): JsonNode {
  const refuse = (expected: string): never => {
    throw new CheckpointError('The JSON file does not have the form of its format.', {
      expected: `${expected} at ${path}`,
      got: describe(value),
    })
  }
  const member = (name: string): JsonNode | null => {
    if (!isObject(value)) return refuse('an object')
    const found: unknown = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
    return found === undefined || found === null ? null : node(found, `${path}.${name}`)
  }
  return {
    path,
    type: typeOf(value),
    member,
    required: (name) => member(name) ?? refuse(`an object with ${name}`),
    array() {
      if (!Array.isArray(value) || value.length > mostElements) return refuse(`an array of at most ${mostElements} elements`)
      return value.map((element, index) => node(element, `${path}[${index}]`))
    },
    names: () => (isObject(value) ? Object.keys(value) : refuse('an object')),
    text: () => (typeof value === 'string' ? value : refuse('text')),
    boolean: () => (typeof value === 'boolean' ? value : refuse('true or false')),
    number() {
      const number = typeof value === 'string' && value !== '' ? Number(value) : value
      return typeof number === 'number' && Number.isFinite(number) ? number : refuse('a number')
    },
  }
}

/**
 * Parses a JSON file.
 * @throws CheckpointError if it is no JSON, or longer than 4 MiB; each question of the node where the value is of another type
 */
export function readJson(bytes: Uint8Array): JsonNode {
  if (bytes.length > longestJson) {
    throw new CheckpointError('The JSON file is too long.', { expected: `at most ${longestJson} bytes`, got: String(bytes.length) })
  }
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw new CheckpointError('The file starts as JSON does, but is none.', { cause })
  }
  return node(value, '$')
}
