import type { ExpandDepthwiseKernel } from '../planner/kernel.js'
import { products } from './pointwise.js'
import { activate, loaded, prologue } from './prologue.js'
import { indent, plus, repeat } from './text.js'

/** An expansion and a depthwise layer. The expanded pixels of a square are kept in workgroup storage between them. */
export function emitExpandDepthwise(kernel: ExpandDepthwiseKernel): string {
  const { window, side, expandedSide, tile, workgroup, weights, inner } = kernel
  const { kernelSize, stride } = window
  const { pixels, vectors } = tile
  const [threads] = workgroup
  const positions = expandedSide ** 2
  // Positions above or left of the map wrap around to large numbers, so one comparison finds them. They are zeros for the depthwise layer.
  const position = (p: number): string => `let place${p} = ${plus('local', p * threads)};
let y${p} = firstY + place${p} / ${expandedSide}u;
let x${p} = firstX + place${p} % ${expandedSide}u;
let from${p} = ((group.z * height + min(y${p}, height - 1u)) * width + min(x${p}, width - 1u)) * inputs;
${repeat(vectors, (v) => `var sum${p}_${v} = bias${v};`)}`
  const keep = (p: number): string => {
    const keeps = repeat(
      vectors,
      (v) => `expanded[${plus(`place${p} * ${vectors}u`, v)}] = select(vec4f(0), ${activate(inner, `sum${p}_${v}`)}, isOnMap${p});`,
    )
    const isOnMap = `let isOnMap${p} = y${p} < height && x${p} < width;`
    if ((p + 1) * threads <= positions) return `${isOnMap}\n${keeps}`
    return `${isOnMap}\nif (place${p} < ${positions}u) {\n  ${indent(2, keeps)}\n}`
  }
  const tap = (index: number): string => {
    const row = Math.floor(index / kernelSize)
    const place = plus('corner', row * expandedSide + (index % kernelSize))
    return repeat(
      vectors,
      (v) =>
        `result${v} += expanded[${plus(`(${place}) * ${vectors}u`, v)}] * ${loaded(weights, `weights[${plus(plus('taps', index + 1, 'outputs'), v)}]`)};`,
    )
  }
  return `${prologue(kernel)}

var<workgroup> expanded: array<vec4f, ${positions * vectors}>;

@compute @workgroup_size(${workgroup.join(', ')})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let height = sizes.inputHeight;
  let width = sizes.inputWidth;
  let inputs = sizes.inputs;
  let outputs = sizes.channels;
  let vector = group.x * ${vectors}u;
  let squareY = group.y / sizes.tiles * ${side}u;
  let squareX = group.y % sizes.tiles * ${side}u;
  let firstY = squareY * ${stride}u - sizes.top;
  let firstX = squareX * ${stride}u - sizes.left;
  ${indent(
    2,
    repeat(vectors, (v) => `let bias${v} = ${loaded(weights, `weights[${plus('vector', v)}]`)};`),
  )}
  ${indent(2, repeat(pixels, position))}
  for (var i = 0u; i < inputs; i++) {
    ${indent(4, products(kernel))}
  }
  ${indent(2, repeat(pixels, keep))}
  workgroupBarrier();
  let y = squareY + local / ${side}u;
  let x = squareX + local % ${side}u;
  if (local >= ${side * side}u || y >= sizes.outputHeight || x >= sizes.outputWidth) { return; }
  let corner = (local / ${side}u * ${expandedSide}u + local % ${side}u) * ${stride}u;
  let taps = (1u + 4u * inputs) * outputs + vector;
  ${indent(
    2,
    repeat(vectors, (v) => `var result${v} = ${loaded(weights, `weights[${plus('taps', v)}]`)};`),
  )}
  ${indent(2, repeat(kernelSize * kernelSize, tap))}
  let to = ((group.z * sizes.outputHeight + y) * sizes.outputWidth + x) * outputs + vector;
  ${indent(
    2,
    repeat(vectors, (v) => `store(${plus('to', v)}, result${v});`),
  )}
}
`
}
