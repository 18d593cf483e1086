import type { Geometry } from '@mobilenetv2/spec'
import type { Facts, InputSize } from './facts.js'
import { longestSide } from './possible-recipe.js'

/** What one file beside a checkpoint says of its network. */
export interface Description {
  /** Facts that do not depend on the size of the input. */
  readonly facts: Facts
  /** The size that the file states. */
  readonly size: InputSize | null
  /** The geometry for an input of this size, or why the file's does not apply. Null if the file states none. */
  readonly geometry: ((size: InputSize) => Geometry | { readonly not: string }) | null
  /** What the file states that cannot be followed, one clause each: `interpolation left out: …`. */
  readonly leftOut: readonly string[]
  /** Why the file is about another model, if it is. Then nothing of it is believed. */
  readonly other: string | null
  /** How the network that is described differs from a MobileNet as published, if it does: `hidden_act is relu`. */
  readonly unlike: string | null
}

/** A description that says nothing. */
export const silent: Description = { facts: {}, size: null, geometry: null, leftOut: [], other: null, unlike: null }

/** Smallest and largest side of an input. */
const [least, most] = [32, 8192]

/** A size if both sides are in range. */
export function sizeOf(height: number | null, width: number | null): InputSize | null {
  const isSide = (side: number | null): side is number => Number.isInteger(side) && side! >= least && side! <= most
  return isSide(height) && isSide(width) ? { height, width } : null
}

/** A shorter side and a centre crop, as torchvision rounds them; refused where the side does not cover the input. */
export function shorterSide(
  size: number,
  { height, width }: InputSize,
  rounding: 'torchvision' | 'nearest',
): Geometry | { not: string } {
  if (Number.isInteger(size) && size >= Math.max(height, width) && size <= longestSide)
    return { kind: 'shorterSide', size, rounding }
  return { not: `a shorter side of ${size} does not cover ${height} x ${width}` }
}
