import type { DepthwiseKernel } from '../planner/kernel.js'
import { loaded, prologue } from './prologue.js'
import { indent, plus, repeat } from './text.js'
import { columnsUnder, outputPixel, windowPlace, windowRow } from './window.js'

/** A depthwise convolution. `tile.pixels` neighbours in a row share the columns that their windows have in common. */
export function emitDepthwise(kernel: DepthwiseKernel): string {
  const { window, tile, workgroup, input, weights } = kernel
  const { kernelSize, stride } = window
  const tapsOf = (p: number): string => repeat(kernelSize, (tap) => `column${p * stride + tap} * tap${tap}`, ' + ')
  const store = (p: number): string => {
    const text = `store(${plus('to', p, 'channels')}, sum${p});`
    return p === 0 ? text : `if (${plus('x', p)} < sizes.outputWidth) { ${text} }`
  }
  return `${prologue(kernel)}

fn column(row: u32, x: u32, vector: u32) -> vec4f {
  if (x >= sizes.inputWidth) { return vec4f(0); }
  return ${loaded(input, 'input[(row + x) * sizes.channels + vector]')};
}

@compute @workgroup_size(${workgroup.join(', ')})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let channels = sizes.channels;
  ${indent(2, windowPlace(tile, 'channels'))}
  let bias = ${loaded(weights, 'weights[vector]')};
  ${indent(
    2,
    repeat(tile.pixels, (p) => `var sum${p} = bias;`),
  )}
  for (var tapY = 0u; tapY < ${kernelSize}u; tapY++) {
    ${indent(4, windowRow(window))}
    ${indent(
      4,
      repeat(columnsUnder(window, tile), (c) => `let column${c} = column(row, ${plus('firstX', c)}, vector);`),
    )}
    let tap = (1u + tapY * ${kernelSize}u) * channels + vector;
    ${indent(
      4,
      repeat(kernelSize, (tap) => `let tap${tap} = ${loaded(weights, `weights[${plus('tap', tap, 'channels')}]`)};`),
    )}
    ${indent(
      4,
      repeat(tile.pixels, (p) => `sum${p} += ${tapsOf(p)};`),
    )}
  }
  let to = (${outputPixel}) * channels + vector;
  ${indent(2, repeat(tile.pixels, store))}
}
`
}
