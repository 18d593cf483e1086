import type { Target } from '../planner/tiles.js'

/**
 * Finds the `count` largest of `classes` logits, one after the other, and the sum of exp(logit - largest). A software adapter gets a
 * workgroup of one invocation, hardware one of 256 with barriers. `output` has for each the index and the bits of the logit, then the bits
 * of the sum.
 */
export function emitTop({ adapter }: Target): string {
  const threads = adapter === 'hardware' ? 256 : 1
  const isAlone = threads === 1
  const reduceBest = `
    bestLogit[local] = logit;
    bestIndex[local] = index;
    workgroupBarrier();
    for (var half = ${threads / 2}u; half > 0u; half /= 2u) {
      if (local < half && isBefore(bestLogit[local + half], bestIndex[local + half], bestLogit[local], bestIndex[local])) {
        bestLogit[local] = bestLogit[local + half];
        bestIndex[local] = bestIndex[local + half];
      }
      workgroupBarrier();
    }
    logit = bestLogit[0];
    index = bestIndex[0];
    workgroupBarrier();`
  const reduceSum = `
  bestLogit[local] = sum;
  workgroupBarrier();
  for (var half = ${threads / 2}u; half > 0u; half /= 2u) {
    if (local < half) { bestLogit[local] += bestLogit[local + half]; }
    workgroupBarrier();
  }
  sum = bestLogit[0];`
  return `struct Sizes { classes: u32, count: u32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> input: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<u32>;
${isAlone ? '' : `\nvar<workgroup> bestLogit: array<f32, ${threads}>;\nvar<workgroup> bestIndex: array<u32, ${threads}>;\n`}
fn isBefore(logit: f32, index: u32, otherLogit: f32, otherIndex: u32) -> bool {
  return logit > otherLogit || (logit == otherLogit && index < otherIndex);
}

@compute @workgroup_size(${threads})
fn main(@builtin(local_invocation_index) local: u32) {
  var largest = 0.0;
  var lastLogit = 0.0;
  var lastIndex = 0u;
  for (var rank = 0u; rank < sizes.count; rank++) {
    var logit = -3.4e38;
    var index = sizes.classes;
    for (var i = local; i < sizes.classes; i += ${threads}u) {
      let candidate = input[i];
      let isLeft = rank == 0u || isBefore(lastLogit, lastIndex, candidate, i);
      if (isLeft && isBefore(candidate, i, logit, index)) {
        logit = candidate;
        index = i;
      }
    }${isAlone ? '' : reduceBest}
    if (rank == 0u) { largest = logit; }
    lastLogit = logit;
    lastIndex = index;
    if (local == 0u) {
      output[2u * rank] = index;
      output[2u * rank + 1u] = bitcast<u32>(logit);
    }
  }
  var sum = 0.0;
  for (var i = local; i < sizes.classes; i += ${threads}u) { sum += exp(input[i] - largest); }${isAlone ? '' : reduceSum}
  if (local == 0u) { output[2u * sizes.count] = bitcast<u32>(sum); }
}
`
}
