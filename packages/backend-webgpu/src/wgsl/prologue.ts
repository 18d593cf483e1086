import type { Activation } from '@mobilenetv2/spec'
import type { Kernel, Scalar } from '../planner/kernel.js'

function vectorType(scalar: Scalar): string {
  return scalar === 'f32' ? 'vec4f' : 'vec4h'
}

/** A vector read from a buffer, as float32. */
export function loaded(scalar: Scalar, expression: string): string {
  return scalar === 'f32' ? expression : `vec4f(${expression})`
}

/** The binding number of each buffer. Every kernel has one bind group. */
export const bindings = { sizes: 0, input: 1, output: 2, weights: 3, shortcut: 4 } as const

/** A sum after its activation. */
export function activate(activation: Activation, sum: string): string {
  switch (activation) {
    case 'relu6':
      return `clamp(${sum}, vec4f(0), vec4f(6))`
    case 'relu':
      return `max(${sum}, vec4f(0))`
    case 'linear':
      return sum
    default:
      return activation satisfies never
  }
}

/**
 * The beginning of every kernel: the declarations of its buffers, and the function `store`, which applies the activation to a sum, adds the
 * residual if there is one, and stores the result.
 */
export function prologue(kernel: Kernel): string {
  const input = kernel.kind === 'convolution' ? kernel.input : vectorType(kernel.input)
  const declaration = (name: Exclude<keyof typeof bindings, 'sizes'>, access: string, type: string): string =>
    `@group(0) @binding(${bindings[name]}) var<storage, ${access}> ${name}: array<${type}>;\n`
  const scalars = [kernel.input, kernel.output, kernel.shortcut, 'weights' in kernel ? kernel.weights : null]
  const activated = activate(kernel.activation, 'sum')
  const added = kernel.shortcut === null ? activated : `${activated} + ${loaded(kernel.shortcut, 'shortcut[to]')}`
  return [
    scalars.includes('f16') ? 'enable f16;\n' : '',
    `struct Sizes { ${Object.keys(kernel.sizes)
      .map((name) => `${name}: u32`)
      .join(', ')} }\n`,
    `@group(0) @binding(${bindings.sizes}) var<uniform> sizes: Sizes;\n`,
    declaration('input', 'read', input),
    declaration('output', 'read_write', vectorType(kernel.output)),
    'weights' in kernel ? declaration('weights', 'read', vectorType(kernel.weights)) : '',
    kernel.shortcut === null ? '' : declaration('shortcut', 'read', vectorType(kernel.shortcut)),
    `\nfn store(to: u32, sum: vec4f) {\n  output[to] = ${kernel.output === 'f32' ? added : `vec4h(${added})`};\n}`,
  ].join('')
}
