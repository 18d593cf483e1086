/** An axis of the picture (batch, channels, height or width) that is longer than 1. */
interface Part {
  readonly letter: 'N' | 'C' | 'H' | 'W'
  readonly extent: number
}

/**
 * The axes of an activation. Each is a list of axes of the picture, the slowest first: a map that is flattened channel by channel has one
 * axis of C, H and W. An axis of length 1 is an empty list.
 */
export type Axes = readonly (readonly Part[])[]

/** The windows of a convolution or a pool. */
export interface Window {
  readonly height: number
  readonly width: number
  readonly stride: number
  readonly padding:
    | 'same'
    | 'valid'
    | { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number }
}

/** The extent that is assumed if a file leaves an extent of its input open, so that shapes can be computed. */
export const assumedExtent = 224

/** Most axes of a tensor. */
const mostAxes = 8

function axis(letter: Part['letter'], extent: number): readonly Part[] {
  return extent === 1 ? [] : [{ letter, extent }]
}

/** The axes of a map. */
export function mapAxes(order: 'NCHW' | 'NHWC', extents: Readonly<Record<Part['letter'], number>>): Axes {
  return [...order].map((letter) => axis(letter as Part['letter'], extents[letter as Part['letter']]))
}

/** The length of each axis. */
export function shapeOf(axes: Axes): number[] {
  return axes.map((parts) => parts.reduce((product, { extent }) => product * extent, 1))
}

/** The axes of the picture in an axis, as letters: `C`, `HW`, `CHW`; empty for an axis of length 1. */
export function lettersOf(parts: readonly Part[] | undefined): string {
  return (parts ?? []).map(({ letter }) => letter).join('')
}

/** The extent of height, width or channels; 1 if it is not among the axes. */
export function extentIn(axes: Axes, letter: Part['letter']): number {
  return axes.flat().find((part) => part.letter === letter)?.extent ?? 1
}

/**
 * The axes after a reshape, in which one extent may be -1.
 * @returns null if an axis of the picture would be cut in two
 */
export function reshapeAxes(axes: Axes, target: readonly number[]): Axes | null {
  if (target.length > mostAxes) return null
  const parts = axes.flat()
  const total = parts.reduce((product, { extent }) => product * extent, 1)
  const known = target.reduce((product, extent) => (extent === -1 ? product : product * extent), 1)
  const open = target.filter((extent) => extent === -1).length
  if (open > 1 || (open === 1 ? total % known !== 0 : known !== total)) return null
  const regrouped: Part[][] = []
  let next = 0
  for (const wanted of target) {
    const extent = wanted === -1 ? total / known : wanted
    const group: Part[] = []
    let product = 1
    while (product < extent) {
      const part = parts[next]
      if (part === undefined) return null
      group.push(part)
      product *= part.extent
      next += 1
    }
    if (product !== extent) return null
    regrouped.push(group)
  }
  return next === parts.length ? regrouped : null
}

/** Indices of axes, counted from the front; null if an axis does not exist. */
export function axisIndices(axes: Axes, indices: readonly number[]): number[] | null {
  const places = indices.map((index) => (index < 0 ? index + axes.length : index))
  return places.every((place) => Number.isInteger(place) && place >= 0 && place < axes.length) ? places : null
}

/** The axes in another order; null if `order` is not a permutation of them. */
export function transposeAxes(axes: Axes, order: readonly number[]): Axes | null {
  const places = axisIndices(axes, order)
  return places === null || new Set(places).size !== axes.length || places.length !== axes.length
    ? null
    : places.map((place) => axes[place]!)
}

/** The axes after a mean or a maximum over some of them, which stay with length 1 if `keep` is true; null if an axis does not exist. */
export function reduceAxes(axes: Axes, over: readonly number[], keep: boolean): { axes: Axes; removed: string } | null {
  const places = axisIndices(axes, over)
  if (places === null) return null
  const removed = places.map((place) => lettersOf(axes[place])).join('')
  const reduced = axes.map((parts, index) => (places.includes(index) ? [] : parts))
  return { axes: keep ? reduced : reduced.filter((_, index) => !places.includes(index)), removed }
}

/** Whether the letters are H and W, as far as the map has them. An extent of 1 has no letter. */
export function isWholeMap(axes: Axes, removed: string): boolean {
  const map = axes.flat().filter(({ letter }) => letter === 'H' || letter === 'W')
  return [...removed].every((letter) => letter === 'H' || letter === 'W') && map.every(({ letter }) => removed.includes(letter))
}

function slide(extent: number, size: number, stride: number, before: number, after: number): number {
  return Math.floor((extent + before + after - size) / stride) + 1
}

/**
 * The axes after a window has been applied to a map.
 * @param channels the channels of the output
 * @returns null if the axes are not those of a map in this order, or nothing is left of it
 */
export function slideAxes(
  axes: Axes,
  order: 'NCHW' | 'NHWC',
  { height, width, stride, padding }: Window,
  channels: number,
): Axes | null {
  const isMap = axes.length === 4 && axes.every((parts, index) => ['', order[index]].includes(lettersOf(parts)))
  if (!isMap) return null
  const extent = (letter: 'H' | 'W', size: number): number => {
    const all = extentIn(axes, letter)
    if (padding === 'same') return Math.ceil(all / stride)
    const zeros = padding === 'valid' ? { top: 0, bottom: 0, left: 0, right: 0 } : padding
    return letter === 'H' ? slide(all, size, stride, zeros.top, zeros.bottom) : slide(all, size, stride, zeros.left, zeros.right)
  }
  const [rows, columns] = [extent('H', height), extent('W', width)]
  return rows >= 1 && columns >= 1 ? mapAxes(order, { N: extentIn(axes, 'N'), C: channels, H: rows, W: columns }) : null
}

/** Whether a constant of this shape has one value for each channel when it is broadcast over an activation. */
export function isByChannel(axes: Axes, shape: readonly number[]): boolean {
  const offset = axes.length - shape.length
  if (offset < 0) return false
  return shape.every((extent, index) => extent === 1 || (lettersOf(axes[index + offset]) === 'C' && extent === extentIn(axes, 'C')))
}
