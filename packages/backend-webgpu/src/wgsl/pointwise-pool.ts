import type { PointwisePoolKernel } from '../planner/kernel.js'
import { products } from './pointwise.js'
import { activate, loaded, prologue } from './prologue.js'
import { reduced } from './reduce.js'
import { indent, plus, repeat } from './text.js'

/** A pointwise layer whose output pixels are added to a mean and stored nowhere. */
export function emitPointwisePool(kernel: PointwisePoolKernel): string {
  const { tile, splits, workgroup, weights, inner } = kernel
  const isWhole = splits === 1
  const gather = (p: number): string => {
    const text = `mean += ${activate(inner, `sum${p}_0`)};`
    return p === 0 ? text : `if (${plus('pixel', p)} < pixels) { ${text} }`
  }
  return `${prologue(kernel)}
${isWhole ? '' : reduced.declare(1, workgroup)}
@compute @workgroup_size(${workgroup.join(', ')})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = group.x * ${workgroup[0]}u + local.x;
  let part = local.z;
  let isInside = column < outputs;
  ${isWhole ? 'if (!isInside) { return; }' : ''}
  let vector = min(column, outputs - 1u);
  let bias = ${loaded(weights, 'weights[vector]')};
  var mean = vec4f(0);
  for (var pixel = part * ${tile.pixels}u; pixel < pixels; pixel += ${splits * tile.pixels}u) {
    ${indent(
      4,
      repeat(tile.pixels, (p) => `let from${p} = (group.z * pixels + min(${plus('pixel', p)}, pixels - 1u)) * inputs;`),
    )}
    ${indent(
      4,
      repeat(tile.pixels, (p) => `var sum${p}_0 = bias;`),
    )}
    for (var i = 0u; i < inputs; i++) {
      ${indent(6, products(kernel))}
    }
    ${indent(4, repeat(tile.pixels, gather))}
  }
  ${isWhole ? '' : indent(2, reduced.add(['mean'], workgroup))}
  store(group.z * outputs + vector, mean / f32(pixels));
}
`
}
