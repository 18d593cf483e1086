import { splitArchitecture } from '@mobilenetv2/runtime'
import { type Architecture, defineMobileNetV1, defineMobileNetV2, type LayerId } from '@mobilenetv2/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Kernel, needsOf } from '../src/kernels/kernels.js'
import { alignment, paddedChannels } from '../src/memory-contract.js'
import { float32 } from '../src/numbers/float32.js'
import type { Plan, Region } from '../src/plan/plan.js'
import { pictureChannels } from '../src/plan/steps.js'
import { planModel } from './support/plan-body.js'
import { printPlan } from './support/print-plan.js'
import { randomArchitecture } from './support/random-architecture.js'

const overlap = (a: Region, b: Region): boolean => a.address < b.address + b.bytes && b.address < a.address + a.bytes
const within = (inner: Region, outer: Region): boolean =>
  inner.address >= outer.address && inner.address + inner.bytes <= outer.address + outer.bytes

/** Walks a plan and checks that every call reads what it is meant to read, whole. */
function checkReads(architecture: Architecture, plan: Plan): void {
  const { layers } = architecture
  const bytesOf = (id: LayerId): number => {
    const { height, width, channels } = layers.find((layer) => layer.id === id)!.output
    return height * width * paddedChannels(channels) * 4
  }
  let live: (Region & { name: LayerId | 'picture' })[] = []
  const write = (name: LayerId | 'picture', region: Region): void => {
    expect(within(region, plan.activations)).toBe(true)
    live = [...live.filter((other) => !overlap(other, region)), { name, ...region }]
  }
  const expectLive = (name: LayerId | 'picture', address: number): void => {
    expect(live.find((each) => each.name === name)?.address).toBe(address)
  }
  const { height, width } = architecture.input
  write('picture', {
    address: plan.picture.address,
    bytes: height * width * pictureChannels(splitArchitecture(architecture).body) * 4,
  })
  let previous: LayerId | 'picture' = 'picture'
  for (const call of plan.calls) {
    const last = call.layers.at(-1)!
    const { residual } = layers.find((layer) => layer.id === last)!
    expectLive(previous, call.input)
    if (residual !== null) expectLive(residual, call.residual)
    const inputs = live.filter(({ name }) => name === previous || name === residual)
    const output = { address: call.output, bytes: bytesOf(last) }
    for (const input of inputs) expect(overlap(input, output)).toBe(false)
    write(last, output)
    previous = last
  }
  expectLive('classifier', plan.logits.address)
  expectLive('pool', plan.features!.address)
}

function checkRegions(plan: Plan): void {
  const { zeros, weights, activations, scratch, pages } = plan
  const regions = [zeros, weights, activations, scratch]
  let end = 0
  for (const { address, bytes } of regions) {
    expect(address).toBe(end)
    end += bytes
  }
  expect(end).toBe(pages * 65536)
  const bytesOf = (kernel: Kernel): number => needsOf(kernel, float32).weights.reduce((sum, { bytes }) => sum + bytes, 0)
  const packed = plan.calls.map((call) => ({ address: call.weights, bytes: bytesOf(call.kernel) }))
  packed.forEach((one, index) => {
    expect(within(one, weights)).toBe(true)
    const next = packed[index + 1]
    if (next !== undefined) expect(one.address + one.bytes).toBeLessThanOrEqual(next.address)
  })
  const addresses = plan.calls.flatMap((call) => [call.input, call.weights, call.output, call.residual])
  for (const address of [...addresses, scratch.address, scratch.bytesOfThread]) expect(address % alignment).toBe(0)
}

describe('planModel', () => {
  it.each<[string, Architecture]>([
    ['mobilenet-v2-1.0-224', defineMobileNetV2()],
    ['mobilenet-v2-0.35-97-same', defineMobileNetV2({ widthMultiplier: 0.35, height: 97, width: 97, padding: 'same' })],
    ['mobilenet-v1-0.5-128', defineMobileNetV1({ widthMultiplier: 0.5, height: 128, width: 128 })],
  ])('plans %s as accepted', async (name, architecture) => {
    await expect(`${printPlan(planModel(architecture))}\n`).toMatchFileSnapshot(`./plans/${name}.txt`)
  })

  it('gives every call of any network its inputs whole, and every region its place', () => {
    fc.assert(
      fc.property(randomArchitecture, (architecture) => {
        const plan = planModel(architecture)
        expect(plan.calls.flatMap(({ layers }) => layers)).toEqual(architecture.layers.map(({ id }) => id))
        checkReads(architecture, plan)
        checkRegions(plan)
      }),
    )
  })

  it('is the same each time', () => {
    expect(planModel(defineMobileNetV2())).toEqual(planModel(defineMobileNetV2()))
  })

  it('refuses what needs more than 4 GiB, before any memory is taken', () => {
    expect(() => planModel(defineMobileNetV2({ height: 8192, width: 8192, widthMultiplier: 8 }))).toThrow(/more memory/)
  })
})
