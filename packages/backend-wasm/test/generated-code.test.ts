import { createModule, type FunctionRef } from '@mobilenetv2/assembler'
import { type BodyArchitecture, splitArchitecture } from '@mobilenetv2/runtime'
import { type Architecture, defineMobileNetV1, defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededInput, seededIntegers, seededParameters } from '@mobilenetv2/testing'
import { describe, expect, it } from 'vitest'
import { disassemble } from '../../assembler/test/support/disassemble.js'
import { dotBytes } from '../src/codegen/dot-bytes.js'
import { createEmitter, type Emitter } from '../src/codegen/emitter.js'
import { generateModule, type KernelFunction } from '../src/codegen/generate.js'
import { simdLevel } from '../src/codegen/simd-level.js'
import { depthwiseRows } from '../src/kernels/depthwise/rows.js'
import { pointwiseBlock } from '../src/kernels/pointwise/tile.js'
import { float32 } from '../src/numbers/float32.js'
import { inIntegers } from '../src/numbers/integers/in-integers.js'
import { inFloats, type Precision } from '../src/numbers/precision.js'
import { packParameters } from '../src/plan/pack.js'
import { planModel } from '../src/plan/plan.js'
import { type Tuning, tunings, usualTuning } from '../src/tuning/tuning.js'
import { planModel as planBody } from './support/plan-body.js'

function textOf(relaxed: boolean, write: (emitter: Emitter) => FunctionRef): string {
  const module = createModule({ pages: 1 })
  write(createEmitter(module, float32, relaxed))
  return `${disassemble(module.encode())}\n`
}

describe('generated code', () => {
  const product = {
    pixels: 9,
    inputs: 16,
    inputStride: 16,
    inputBytes: 4,
    outputs: 8,
    tileBlocks: 1,
    blockWeightBytes: 17 * 32,
    isSingle: false,
    activation: 'relu6',
    addsResidual: true,
    outputBytes: 4,
    saturates: false,
  } as const
  it.each(['relaxed-simd', 'simd'] as const)('of a pointwise block, %s, as accepted', async (name) => {
    const { tilePixels } = usualTuning(name)
    const text = textOf(name === 'relaxed-simd', (emitter) => pointwiseBlock(emitter, { ...product, tilePixels }, 32))
    await expect(text).toMatchFileSnapshot(`./code/pointwise-block-${name}.txt`)
  })

  it('of depthwise rows, as accepted', async () => {
    const size = { inputHeight: 20, inputWidth: 20, outputHeight: 20, outputWidth: 20, channels: 8, inputBytes: 4 } as const
    const finish = { activation: 'linear', addsResidual: false, outputBytes: 4, saturates: false } as const
    const shape = {
      kernelSize: 3,
      stride: 1,
      top: 1,
      left: 1,
      ...size,
      ...finish,
      channelsAtOnce: 4,
      stepWeightBytes: 160,
    } as const
    const layout = { channels: 8, input: { pixelBytes: 32, rowBytes: 640, rows: 4 }, output: { pixelBytes: 32, rowBytes: 640 } }
    const text = textOf(true, (emitter) => depthwiseRows(emitter, shape, layout))
    await expect(text).toMatchFileSnapshot('./code/depthwise-rows.txt')
  })

  it('is one function for all calls of equal shape', () => {
    const { names } = generateModule(planBody(defineMobileNetV2()), false)
    expect(names[4]).toBe(names[5])
    expect(new Set(names).size).toBeLessThan(names.length)
  })
})

/** More parts than any kernel has units, so some parts are empty. */
const mostParts = 60

const networks = [
  ['MobileNetV2', defineMobileNetV2({ widthMultiplier: 0.35, height: 97, width: 71, classes: 30 })],
  [
    'MobileNetV2 with residuals between expansions',
    defineMobileNetV2({ widthMultiplier: 0.35, height: 64, width: 64, residual: 'expansion' }),
  ],
  ['MobileNetV1', defineMobileNetV1({ widthMultiplier: 0.25, height: 64, width: 64, padding: 'same' })],
] as const

/** Runs every kernel in parts, from the last to the first, in memory that was full of rubbish. */
async function runInParts<Layer>(
  body: BodyArchitecture,
  tuning: Tuning,
  { numbers, layers, codec }: Precision<Layer>,
  relaxed: boolean,
): Promise<(parts: number, rubbish?: number) => Promise<Uint8Array>> {
  const plan = planModel(body, tuning, numbers, mostParts)
  const { pages, zeros, activations, scratch, logits } = plan
  const { bytes, names } = generateModule(plan, relaxed)
  const module = await WebAssembly.compile(bytes)
  return async (parts, rubbish = 0xff) => {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    const { exports } = await WebAssembly.instantiate(module, { env: { memory } })
    packParameters(plan, layers, memory.buffer)
    new Uint8Array(memory.buffer, activations.address).fill(rubbish)
    new Uint8Array(memory.buffer, plan.picture.address).set(codec.encode(seededInput(body), plan.picture))
    plan.calls.forEach(({ input, weights, output, residual, units }, index) => {
      for (let part = parts - 1; part >= 0; part--) {
        const begin = Math.floor((units * part) / parts)
        const end = Math.floor((units * (part + 1)) / parts)
        const kernel = exports[names[index]!] as KernelFunction
        kernel(input, weights, output, residual, scratch.address + part * scratch.bytesOfThread, begin, end)
      }
    })
    expect(new Uint8Array(memory.buffer, zeros.address, zeros.bytes).every((byte) => byte === numbers.outside)).toBe(true)
    return new Uint8Array(memory.buffer, logits.address, logits.channels * logits.valueBytes).slice()
  }
}

const relaxed = simdLevel() === 'relaxed-simd'
const domain = await dotBytes()
type Run = Awaited<ReturnType<typeof runInParts>>

const inNumbers: readonly (readonly [string, (whole: Architecture, body: BodyArchitecture, tuning: Tuning) => Promise<Run>])[] = [
  ['float32', (whole, body, tuning) => runInParts(body, tuning, inFloats(seededParameters(whole)), relaxed)],
  ...[null, ...(domain === null ? [] : [domain])].map(
    (bytes) =>
      [
        `integers of ${bytes === null ? '16 bits' : `${bytes} 8 bits`}`,
        async (whole: Architecture, body: BodyArchitecture, tuning: Tuning) =>
          runInParts(body, tuning, await inIntegers(seededIntegers(whole), body, bytes), relaxed),
      ] as const,
  ),
]

describe.each([
  ['usual', usualTuning('simd')],
  ['widest', tunings[0]!],
] as const)('the units of a kernel, with the %s tuning,', (_tuning, tuning) => {
  describe.each(inNumbers)('in %s', (_numbers, runOf) => {
    it.each(networks)(
      'can be done in parts, in any order, each with its own scratch, whatever was in memory: %s',
      async (_name, whole) => {
        const { body } = splitArchitecture(whole)
        const run = await runOf(whole, body, tuning)
        const expected = await run(1, 0)
        for (const parts of [1, 2, 3, mostParts]) expect(await run(parts)).toEqual(expected)
      },
    )
  })
})
