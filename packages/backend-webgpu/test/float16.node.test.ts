import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { expect, it } from 'vitest'
import { planModel } from '../src/planner/plan.js'
import { halfBits } from '../src/runtime/half.js'
import { compileKernel } from '../src/runtime/pipelines.js'
import { emitKernel } from '../src/wgsl/emit-kernel.js'

/** The value of the bits of a float16, by its definition. */
function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15))
}

it('float16 values become their own bits, and others those of the nearest, ties to even', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = halfValue(bits)
    if (Number.isNaN(value)) expect(Number.isNaN(halfValue(halfBits(value)))).toBe(true)
    else if (halfBits(value) !== bits) expect(`${bits}: ${halfBits(value)}`).toBe('itself')
    const above = halfValue(bits + 1)
    if ((bits & 0x7fff) >= 0x7bff || Number.isNaN(above)) continue
    const even = bits % 2 === 0 ? bits : bits + 1
    for (const [share, expected] of [
      [0.25, bits],
      [0.5, even],
      [0.75, bits + 1],
    ] as const) {
      const between = value + (above - value) * share
      if (halfBits(between) !== expected) expect(`${bits} + ${share}: ${halfBits(between)}`).toBe(expected)
    }
  }
  expect(halfBits(65519)).toBe(0x7bff)
  expect(halfBits(65520)).toBe(0x7c00)
  expect(halfBits(-1e9)).toBe(0xfc00)
})

it('every kernel in float16 is valid WGSL, for a device that only looks at it', async () => {
  const { create } = await import('webgpu')
  // Held until the end: a device does not outlive it.
  const gpu = create(['backend=null'])
  const adapter = await gpu.requestAdapter()
  const device = await adapter!.requestDevice({ requiredFeatures: ['shader-f16'] })
  for (const adapterKind of ['hardware', 'software'] as const) {
    const { steps } = planModel(defineMobileNetV2(), 'f16', { adapter: adapterKind })
    for (const code of new Set(steps.map(({ kernel }) => emitKernel(kernel)))) {
      expect(code).toContain('enable f16;')
      await compileKernel(device, code, 'any')
    }
  }
  device.destroy()
  expect(gpu).toBeDefined()
})
