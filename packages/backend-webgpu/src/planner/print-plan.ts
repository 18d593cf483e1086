import type { Kernel } from './kernel.js'
import type { Plan, PlannedStep } from './plan.js'

/** How a kernel divides its work: its tile, its workgroup, and the number of workgroups. */
function gridText(kernel: Kernel): string {
  const tile = 'tile' in kernel ? ` tile ${kernel.tile.pixels}x${kernel.tile.vectors * 4}` : ''
  const splits = 'splits' in kernel && kernel.splits > 1 ? ` split ${kernel.splits}` : ''
  const square = kernel.kind === 'expandDepthwise' ? ` square ${kernel.side}` : ''
  return `${kernel.kind}${square}${tile}${splits}, ${kernel.groups.join('x')} groups of ${kernel.workgroup.join('x')}`
}

function stepText({ layers, kernel, input, output, shortcut, weights }: PlannedStep): string {
  const from = input === null ? 'picture' : `slot ${input}`
  const added = shortcut === null ? '' : ` + slot ${shortcut}`
  const at = weights === null ? 'no weights' : `weights at ${weights.offset}, ${weights.bytes} bytes`
  const sizes = Object.entries(kernel.sizes).map(([name, value]) => `${name} ${value}`)
  return `${layers.join(' + ')}: ${from}${added} -> slot ${output}, ${at}\n    ${gridText(kernel)}\n    ${sizes.join(', ')}`
}

/** A plan as text: its buffers, then a paragraph for each step. */
export function printPlan({ steps, slots, weightBytes, scalar }: Plan): string {
  const heads = [
    `${steps.length} steps, ${scalar}`,
    `weights ${weightBytes} bytes`,
    ...slots.map((bytes, slot) => `slot ${slot} ${bytes} bytes`),
  ]
  return [...heads, ...steps.map(stepText)].join('\n')
}
