import type { PoolKernel } from '../planner/kernel.js'
import { loaded, prologue } from './prologue.js'
import { reduced } from './reduce.js'
import { indent } from './text.js'

/** The mean over a map's pixels. */
export function emitPool(kernel: PoolKernel): string {
  const { splits, workgroup, input } = kernel
  const isWhole = splits === 1
  return `${prologue(kernel)}
${isWhole ? '' : reduced.declare(1, workgroup)}
@compute @workgroup_size(${workgroup.join(', ')})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let channels = sizes.channels;
  let column = group.x * ${workgroup[0]}u + local.x;
  let part = local.z;
  let isInside = column < channels;
  ${isWhole ? 'if (!isInside) { return; }' : ''}
  let vector = min(column, channels - 1u);
  var sum = vec4f(0);
  for (var pixel = part; pixel < pixels; pixel += ${splits}u) {
    sum += ${loaded(input, 'input[(group.z * pixels + pixel) * channels + vector]')};
  }
  ${isWhole ? '' : indent(2, reduced.add(['sum'], workgroup))}
  store(group.z * channels + vector, sum / f32(pixels));
}
`
}
