import { CheckpointError } from '../../checkpoint-error.js'
import type { JsonNode } from '../json.js'

/**
 * The attributes of a node of TensorFlow's GraphDef, from JSON or from protobuf. An attribute that is left out is null or empty. One that
 * has a value of another kind throws a CheckpointError.
 */
export interface TensorflowAttributes {
  text(name: string): string | null
  integer(name: string): number | null
  /** The decimal that was written: 0.001 is stored as 0.0010000000474974513. */
  float(name: string): number | null
  boolean(name: string): boolean | null
  integers(name: string): readonly number[]
  texts(name: string): readonly string[]
  /** The extents of a shape, in which -1 stands for an open one. Null if the rank is not known. */
  shape(name: string): readonly number[] | null
}

/** The decimal from which a 32-bit float was rounded. */
export function asDecimal(float: number): number {
  return Number(float.toPrecision(7))
}

/** An attribute of bytes, which JSON holds in base64. */
function decode(node: JsonNode): string {
  try {
    return atob(node.text())
  } catch (cause) {
    if (cause instanceof CheckpointError) throw cause
    throw new CheckpointError('The JSON file does not have the form that its format demands.', {
      expected: `base64 at ${node.path}`,
      got: node.text().slice(0, 40),
    })
  }
}

/**
 * The attributes of a node in JSON, as TensorFlow.js stores it.
 * @param attributes null if the node has none
 */
export function jsonAttributes(attributes: JsonNode | null): TensorflowAttributes {
  const value = (name: string, kind: string): JsonNode | null => attributes?.member(name)?.required(kind) ?? null
  const list = (name: string, kind: string): JsonNode[] => value(name, 'list')?.member(kind)?.array() ?? []
  return {
    text(name) {
      const text = value(name, 's')
      return text === null ? null : decode(text)
    },
    integer: (name) => value(name, 'i')?.number() ?? null,
    float(name) {
      const float = value(name, 'f')?.number() ?? null
      return float === null ? null : asDecimal(float)
    },
    boolean: (name) => value(name, 'b')?.boolean() ?? null,
    integers: (name) => list(name, 'i').map((integer) => integer.number()),
    texts: (name) => list(name, 's').map(decode),
    shape(name) {
      const extents = value(name, 'shape')?.member('dim')?.array() ?? null
      return extents?.map((extent) => extent.member('size')?.number() ?? -1) ?? null
    },
  }
}
