import type { Tile, Window } from '../planner/kernel.js'

/** Input columns under the windows of a tile's pixels. */
export function columnsUnder({ kernelSize, stride }: Window, { pixels }: Tile): number {
  return (pixels - 1) * stride + kernelSize
}

/** Where an invocation stands: `vector` of the channels, output row `y`, first output column `x`. Ends the invocations outside. */
export function windowPlace({ pixels, vectors }: Tile, outputs: string): string {
  return `let vector = id.x * ${vectors}u;
let y = id.y / sizes.tiles;
let x = id.y % sizes.tiles * ${pixels}u;
if (vector >= ${outputs} || y >= sizes.outputHeight) { return; }`
}

/**
 * The input row under row `tapY` of the window, as the index of its first pixel among those of all pictures; rows of padding are
 * left out. Places above or left of the map wrap around to numbers beyond it.
 */
export function windowRow({ stride }: Window): string {
  return `let inputY = y * ${stride}u + tapY - sizes.top;
if (inputY >= sizes.inputHeight) { continue; }
let row = (id.z * sizes.inputHeight + inputY) * sizes.inputWidth;
let firstX = x * ${stride}u - sizes.left;`
}

/** The first output pixel of an invocation, among those of all pictures. */
export const outputPixel = '(id.z * sizes.outputHeight + y) * sizes.outputWidth + x'
