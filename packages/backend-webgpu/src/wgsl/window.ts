import type { Tile, Window } from '../planner/kernel.js'

/** The number of input columns under the windows of a tile's pixels. */
export function columnsUnder({ kernelSize, stride }: Window, { pixels }: Tile): number {
  return (pixels - 1) * stride + kernelSize
}

/**
 * The place of an invocation: `vector` of the channels, output row `y`, first output column `x`. Invocations outside of the map end here.
 */
export function windowPlace({ pixels, vectors }: Tile, outputs: string): string {
  return `let vector = id.x * ${vectors}u;
let y = id.y / sizes.tiles;
let x = id.y % sizes.tiles * ${pixels}u;
if (vector >= ${outputs} || y >= sizes.outputHeight) { return; }`
}

/**
 * The input row under row `tapY` of the window, as the index of its first pixel in the batch. Rows of padding are skipped. Positions above
 * or left of the map wrap around to large numbers, so one comparison finds them.
 */
export function windowRow({ stride }: Window): string {
  return `let inputY = y * ${stride}u + tapY - sizes.top;
if (inputY >= sizes.inputHeight) { continue; }
let row = (id.z * sizes.inputHeight + inputY) * sizes.inputWidth;
let firstX = x * ${stride}u - sizes.left;`
}

/** The index of the first output pixel of an invocation in the batch. */
export const outputPixel = '(id.z * sizes.outputHeight + y) * sizes.outputWidth + x'
