import { lanes, type PointwiseKernel, type Scalar, type Tile } from '../planner/kernel.js'
import { loaded, prologue } from './prologue.js'
import { reduced } from './reduce.js'
import { indent, plus, repeat } from './text.js'

/** The names of a tile's sums, `sum<pixel>_<vector>`. */
function sumNames({ pixels, vectors }: Tile): string[] {
  return repeat(pixels, (p) => repeat(vectors, (v) => `sum${p}_${v}`)).split('\n')
}

/** Multiplies rows 4 i to 4 i + 3 of the kernel by vector `i` of each pixel's inputs, which begin at `from<pixel>`. */
export function products({ tile, weights, input }: { tile: Tile; weights: Scalar; input: Scalar }): string {
  const rows = (v: number): string =>
    repeat(lanes, (lane) => loaded(weights, `weights[${plus(plus('row', lane, 'outputs'), v)}]`), ', ')
  return [
    'let row = (1u + 4u * i) * outputs + vector;',
    repeat(tile.vectors, (v) => `let rows${v} = mat4x4f(${rows(v)});`),
    repeat(tile.pixels, (p) => `let pixel${p} = ${loaded(input, `input[from${p} + i]`)};`),
    repeat(tile.pixels, (p) => repeat(tile.vectors, (v) => `sum${p}_${v} += rows${v} * pixel${p};`)),
  ].join('\n')
}

/** Pointwise and dense layers. */
export function emitPointwise(kernel: PointwiseKernel): string {
  const { tile, splits, workgroup, weights } = kernel
  const names = sumNames(tile)
  const isWhole = splits === 1
  const bias = (v: number): string => loaded(weights, `weights[${plus('vector', v)}]`)
  const first = (v: number): string => (isWhole ? bias(v) : `select(vec4f(0), ${bias(v)}, part == 0u)`)
  const store = (p: number): string => {
    const stores = repeat(tile.vectors, (v) => `store(${plus(plus('to', p, 'outputs'), v)}, sum${p}_${v});`, ' ')
    return p === 0 ? stores : `if (${plus('pixel', p)} < pixels) { ${stores} }`
  }
  return `${prologue(kernel)}
${isWhole ? '' : reduced.declare(names.length, workgroup)}
@compute @workgroup_size(${workgroup.join(', ')})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let pixels = sizes.pixels;
  let inputs = sizes.inputs;
  let outputs = sizes.outputs;
  let column = (group.x * ${workgroup[0]}u + local.x) * ${tile.vectors}u;
  let pixel = (group.y * ${workgroup[1]}u + local.y) * ${tile.pixels}u;
  let part = local.z;
  let isInside = column < outputs && pixel < pixels;
  ${isWhole ? 'if (!isInside) { return; }' : ''}
  let vector = min(column, outputs - ${tile.vectors}u);
  ${indent(
    2,
    repeat(tile.pixels, (p) => `let from${p} = (group.z * pixels + min(${plus('pixel', p)}, pixels - 1u)) * inputs;`),
  )}
  ${indent(
    2,
    repeat(tile.pixels, (p) => repeat(tile.vectors, (v) => `var sum${p}_${v} = ${first(v)};`)),
  )}
  for (var i = part; i < inputs; i += ${splits}u) {
    ${indent(4, products(kernel))}
  }
  ${isWhole ? '' : indent(2, reduced.add(names, workgroup))}
  let to = (group.z * pixels + pixel) * outputs + vector;
  ${indent(2, repeat(tile.pixels, store))}
}
`
}
