import { plus, repeat } from './text.js'

type Workgroup = readonly [x: number, y: number, z: number]

/**
 * Adds the partial sums of the invocations along z of a workgroup. Those with z = 0 add them up, and the others end after the barrier.
 * `declare` gives code for the module; `add` gives code for `main`, which must have `local`, `part` (local.z) and `isInside`.
 */
export const reduced = {
  declare(sums: number, [x, y, z]: Workgroup): string {
    return `\nvar<workgroup> partial: array<vec4f, ${x * y * (z - 1) * sums}>;\n`
  },
  add(sums: readonly string[], [x, y, z]: Workgroup): string {
    const tile = x * y * sums.length
    const each = (text: (slot: string, sum: string) => string): string =>
      repeat(sums.length, (index) => text(plus('slot', index), sums[index]!), '\n  ')
    return `let place = (local.y * ${x}u + local.x) * ${sums.length}u;
if (part > 0u) {
  let slot = (part - 1u) * ${tile}u + place;
  ${each((slot, sum) => `partial[${slot}] = ${sum};`)}
}
workgroupBarrier();
if (part > 0u || !isInside) { return; }
for (var slot = place; slot < ${(z - 1) * tile}u; slot += ${tile}u) {
  ${each((slot, sum) => `${sum} += partial[${slot}];`)}
}`
  },
} as const
