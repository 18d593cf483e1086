import type { ConvolutionKernel } from '../planner/kernel.js'
import { loaded, prologue } from './prologue.js'
import { indent, plus, repeat } from './text.js'
import { columnsUnder, outputPixel, windowPlace, windowRow } from './window.js'

/** The WGSL types of a pixel with 1 to 4 channels, and of the rows of the kernel that it is multiplied with. */
const pixelTypes = ['', 'f32', 'vec2f', 'vec3f', 'vec4f']
const rowTypes = ['', 'vec4f', 'mat2x4f', 'mat3x4f', 'mat4x4f']

/** The first layer: a full convolution of the picture, which has `channels` numbers for each pixel. */
export function emitConvolution(kernel: ConvolutionKernel): string {
  const { window, channels, tile, workgroup, weights } = kernel
  const { kernelSize, stride } = window
  const taps = (column: number): string => {
    const rows = (v: number): string =>
      repeat(
        channels,
        (channel) => loaded(weights, `weights[${plus(plus('tap', column * channels + channel, 'outputs'), v)}]`),
        ', ',
      )
    return [
      repeat(tile.vectors, (v) => `let rows${column}_${v} = ${rowTypes[channels]}(${rows(v)});`),
      repeat(tile.pixels, (p) => repeat(tile.vectors, (v) => `sum${p}_${v} += rows${column}_${v} * column${p * stride + column};`)),
    ].join('\n')
  }
  const store = (p: number): string => {
    const stores = repeat(tile.vectors, (v) => `store(${plus(plus('to', p, 'outputs'), v)}, sum${p}_${v});`, ' ')
    return p === 0 ? stores : `if (${plus('x', p)} < sizes.outputWidth) { ${stores} }`
  }
  const pixel = pixelTypes[channels]!
  return `${prologue(kernel)}

fn column(row: u32, x: u32) -> ${pixel} {
  if (x >= sizes.inputWidth) { return ${pixel}(0); }
  let first = (row + x) * ${channels}u;
  return ${pixel}(${repeat(channels, (channel) => `input[${plus('first', channel)}]`, ', ')});
}

@compute @workgroup_size(${workgroup.join(', ')})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let outputs = sizes.outputs;
  ${indent(2, windowPlace(tile, 'outputs'))}
  ${indent(
    2,
    repeat(tile.vectors, (v) => `let bias${v} = ${loaded(weights, `weights[${plus('vector', v)}]`)};`),
  )}
  ${indent(
    2,
    repeat(tile.pixels, (p) => repeat(tile.vectors, (v) => `var sum${p}_${v} = bias${v};`)),
  )}
  for (var tapY = 0u; tapY < ${kernelSize}u; tapY++) {
    ${indent(4, windowRow(window))}
    ${indent(
      4,
      repeat(columnsUnder(window, tile), (c) => `let column${c} = column(row, ${plus('firstX', c)});`),
    )}
    let tap = (1u + tapY * ${kernelSize * channels}u) * outputs + vector;
    ${indent(4, repeat(kernelSize, taps))}
  }
  let to = (${outputPixel}) * outputs + vector;
  ${indent(2, repeat(tile.pixels, store))}
}
`
}
