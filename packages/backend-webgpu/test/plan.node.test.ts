import { readFileSync } from 'node:fs'
import { type Architecture, defineMobileNetV1, defineMobileNetV2, type LayerId } from '@mobilenetv2/spec'
import { describe, expect, it } from 'vitest'
import type { Plan } from '../src/planner/plan.js'
import { printPlan } from '../src/planner/print-plan.js'
import type { Target } from '../src/planner/tiles.js'
import { emitKernel } from '../src/wgsl/emit-kernel.js'
import { planModel } from './support/plan-body.js'
import { planTables } from './support/plan-table.js'

const targets: readonly Target[] = [{ adapter: 'hardware' }, { adapter: 'software' }]

/** Walks a plan and checks that every step finds its inputs in their slots, and writes to no slot that it reads. */
function checkSlots({ layers }: Architecture, plan: Plan): void {
  const held = new Map<number, LayerId>()
  let previous: LayerId | null = null
  for (const { layers: ids, input, output, shortcut } of plan.steps) {
    const last = ids.at(-1)!
    const { residual } = layers.find(({ id }) => id === last)!
    if (input === null) expect(previous).toBe(null)
    else expect(held.get(input)).toBe(previous)
    if (residual === null) expect(shortcut).toBe(null)
    else expect(held.get(shortcut!)).toBe(residual)
    expect([input, shortcut]).not.toContain(output)
    held.set(output, last)
    previous = last
  }
  for (const result of Object.values(plan.results)) if (result !== null) expect(held.has(result.slot)).toBe(true)
}

describe.each(targets)('a plan for $adapter', (target) => {
  it.each<[string, Architecture]>([
    ['mobilenet-v2-1.0-224', defineMobileNetV2()],
    ['mobilenet-v2-0.35-97-same', defineMobileNetV2({ widthMultiplier: 0.35, height: 97, width: 97, padding: 'same' })],
    ['mobilenet-v1-0.5-128', defineMobileNetV1({ widthMultiplier: 0.5, height: 128, width: 128 })],
    ['expansion-residuals', defineMobileNetV2({ widthMultiplier: 0.35, residual: 'expansion' })],
  ])('of %s is as accepted, and gives every step its inputs', async (name, architecture) => {
    const plan = planModel(architecture, 'f32', target)
    expect(plan.steps.flatMap(({ layers }) => layers)).toEqual(architecture.layers.map(({ id }) => id))
    checkSlots(architecture, plan)
    await expect(`${printPlan(plan)}\n`).toMatchFileSnapshot(`./plans/${name}-${target.adapter}.txt`)
  })

  it('gives every step its inputs, whatever the network', () => {
    for (const widthMultiplier of [0.35, 0.5, 1, 1.4])
      for (const residual of ['bottleneck', 'expansion', 'none'] as const)
        for (const padding of ['symmetric', 'same'] as const)
          for (const [height, width] of [
            [32, 32],
            [97, 45],
            [192, 320],
          ] as const) {
            const architecture = defineMobileNetV2({ widthMultiplier, residual, padding, height, width, classes: 7 })
            checkSlots(architecture, planModel(architecture, 'f32', target))
          }
  })

  it('keeps the default limits of WebGPU', () => {
    for (const { kernel, weights } of planModel(defineMobileNetV2(), 'f32', target).steps) {
      const [x, y, z] = kernel.workgroup
      expect(x * y * z).toBeLessThanOrEqual(256)
      expect(z).toBeLessThanOrEqual(64)
      const partial = /partial: array<vec4f, (\d+)>|expanded: array<vec4f, (\d+)>/.exec(emitKernel(kernel))
      expect(16 * Number(partial?.[1] ?? partial?.[2] ?? 0)).toBeLessThanOrEqual(16_384)
      expect((weights?.offset ?? 0) % 256).toBe(0)
    }
  })

  it('has the accepted WGSL for the standard model', async () => {
    const kernels = new Map<string, LayerId[]>()
    for (const { kernel, layers } of planModel(defineMobileNetV2(), 'f32', target).steps) {
      const code = emitKernel(kernel)
      kernels.set(code, [...(kernels.get(code) ?? []), ...layers])
    }
    const text = [...kernels].map(([code, layers]) => `// ${layers.join(', ')}\n${code}`).join('\n')
    await expect(text).toMatchFileSnapshot(`./wgsl/mobilenet-v2-1.0-224-${target.adapter}.wgsl`)
  })
})

describe('planModel', () => {
  it('has no barrier for a software adapter', () => {
    for (const { kernel } of planModel(defineMobileNetV2(), 'f32', { adapter: 'software' }).steps) {
      expect(emitKernel(kernel)).not.toContain('Barrier')
    }
  })

  it('needs at most 53 dispatches, and fewer where expansions are fused', () => {
    const count = (target: Target): number => planModel(defineMobileNetV2(), 'f32', target).steps.length
    expect(count({ adapter: 'software' })).toBe(53)
    expect(count({ adapter: 'hardware' })).toBeLessThan(53)
  })

  it('runs 8 pictures at once, and fewer where their tensors are larger than a binding may be', () => {
    const at = (size: number): Plan => planModel(defineMobileNetV2({ height: size, width: size }), 'f32', { adapter: 'software' })
    expect(at(224).picturesAtOnce).toBe(8)
    expect(at(512).picturesAtOnce).toBe(5)
    expect(at(1152).picturesAtOnce).toBe(1)
  })

  it('takes half of the bytes in float16', () => {
    const of = (scalar: 'f32' | 'f16'): Plan => planModel(defineMobileNetV2(), scalar, { adapter: 'hardware' })
    expect(of('f16').weightBytes).toBeLessThan(0.51 * of('f32').weightBytes)
    expect(of('f16').slots[0]).toBe(of('f32').slots[0]! / 2)
  })

  it('refuses what exceeds the default limits and names the layer, before any memory is taken', () => {
    const plan = (options: Parameters<typeof defineMobileNetV2>[0]) => () =>
      planModel(defineMobileNetV2(options), 'f32', { adapter: 'hardware' })
    expect(plan({ height: 8192, width: 8192 })).toThrow(/too large[\s\S]*layer stem/)
    expect(plan({ classes: 1_000_000 })).toThrow(/too large[\s\S]*layer classifier/)
    expect(plan({ widthMultiplier: 8 })).toThrow(/too large[\s\S]*where: weights/)
  })

  it('is described by the tables of docs/webgpu.md; `vitest run --update` brings them up to date', async () => {
    const path = '../../../docs/webgpu.md'
    const text = readFileSync(new URL(path, import.meta.url), 'utf8')
    const tables = planTables(defineMobileNetV2())
    const names: string[] = []
    const rewritten = text.replaceAll(/(?<=<!-- table: (\w+) -->\n)[\s\S]*?(?=<!-- end -->)/g, (_, name: string) => {
      names.push(name)
      return tables[name]!
    })
    expect(names.toSorted()).toEqual(Object.keys(tables).toSorted())
    await expect(rewritten).toMatchFileSnapshot(path)
  })
})
