import type { Geometry } from '@mobilenetv2/spec'
import type { Facts, InputSize } from './facts.js'
import { longestSide } from './possible-recipe.js'

/** What one file beside a checkpoint states about its network. */
export interface Description {
  /** The facts that do not depend on the size of the input. */
  readonly facts: Facts
  /** The size of the input; null if the file does not state it. */
  readonly size: InputSize | null
  /**
   * Gives the geometry for an input of this size, or why the file's geometry does not apply to it. Null if the file states no
   * geometry.
   */
  readonly geometry: ((size: InputSize) => Geometry | { readonly not: string }) | null
  /** The statements of the file that cannot be followed, one clause each: `interpolation left out: …`. */
  readonly leftOut: readonly string[]
  /** Why the file describes another model, if it does. Nothing in it is then believed. */
  readonly other: string | null
  /** How the network that it describes differs from a MobileNet as published, if it does: `hidden_act is swish`. */
  readonly unlike: string | null
}

/** A description without any statement. */
export const silent: Description = { facts: {}, size: null, geometry: null, leftOut: [], other: null, unlike: null }

/** The smallest and the largest side of an input. */
const [least, most] = [32, 8192]

/** A size if both sides are in range. */
export function sizeOf(height: number | null, width: number | null): InputSize | null {
  const isSide = (side: number | null): side is number => Number.isInteger(side) && side! >= least && side! <= most
  return isSide(height) && isSide(width) ? { height, width } : null
}

/** A resize of the shorter side and a centre crop. It does not apply if the side does not cover the input. */
export function shorterSide(
  size: number,
  { height, width }: InputSize,
  rounding: 'torchvision' | 'nearest',
): Geometry | { not: string } {
  if (Number.isInteger(size) && size >= Math.max(height, width) && size <= longestSide)
    return { kind: 'shorterSide', size, rounding }
  return { not: `a shorter side of ${size} does not cover ${height} x ${width}` }
}
