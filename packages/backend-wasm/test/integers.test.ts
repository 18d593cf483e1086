import { type Architecture, type Backend, defineMobileNetV2, type IntegerParameters, truncateAt } from '@mobilenetv2/spec'
import {
  describeLifecycle,
  refusal,
  runIntegerReference,
  seededInput,
  seededIntegers,
  seededParameters,
} from '@mobilenetv2/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ByteDomain, dotBytes } from '../src/codegen/dot-bytes.js'
import { type Level, simdLevel } from '../src/codegen/simd-level.js'
import { compileIntegers } from '../src/compile-integers.js'
import { wasm } from '../src/index.js'
import { resultOf } from '../src/numbers/integers/layers.js'
import { chooseThreads } from '../src/threads/choose-threads.js'
import { usualTuning } from '../src/tuning/tuning.js'
import { randomArchitecture } from './support/random-architecture.js'
import { randomTuning } from './support/random-tuning.js'

const levels = simdLevel() === 'relaxed-simd' ? (['relaxed-simd', 'simd'] as const) : (['simd'] as const)

/** Each level with activations of 16 bits; and the first with those of 8 bits if this processor multiplies them. */
const domain = await dotBytes()
const variants: { level: Level; bytes: ByteDomain | null }[] = [
  ...levels.map((level) => ({ level, bytes: null })),
  ...(domain === null ? [] : [{ level: levels[0], bytes: domain }]),
]

/** The output of the last layer, in floats. */
function expectedLogits(architecture: Architecture, integers: IntegerParameters, input: Float32Array): Float32Array {
  const { id } = architecture.layers.at(-1)!
  const { scale } = resultOf(integers.layers.get(id)!)
  return Float32Array.from(runIntegerReference(architecture, integers, input).get(id)!, (value) => value * scale)
}

describe.each(variants)('integers with $level, activations of 8 bits: $bytes', ({ level, bytes }) => {
  it('are those of the reference, layer by layer, in random networks however they are tuned', async () => {
    const property = fc.asyncProperty(
      randomArchitecture,
      randomTuning,
      fc.constantFrom(127, 255),
      fc.nat(),
      async (whole, tuning, reach, seed) => {
        const architecture = seed % 3 === 0 ? whole : truncateAt(whole, whole.layers[seed % whole.layers.length]!.id)
        const integers = seededIntegers(architecture, seed, reach)
        const input = seededInput(architecture, 1, seed)
        const chosen = { tuning, note: '' }
        using model = await compileIntegers(level, architecture, integers, chooseThreads(0), chosen, bytes)
        expect((await model.run(input)).logits).toEqual(expectedLogits(architecture, integers, input))
      },
    )
    await fc.assert(property, { numRuns: 60 })
  }, 120_000)

  it.each([2, 3])('are the same on %i threads, and in a batch', async (threads) => {
    const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 97, width: 71, classes: 30 })
    const integers = seededIntegers(architecture)
    const input = seededInput(architecture, 2)
    const chosen = { tuning: usualTuning(level), note: '' }
    using model = await compileIntegers(level, architecture, integers, chooseThreads(threads), chosen, bytes)
    const { logits } = await model.run(input, { batch: 2 })
    const half = input.length / 2
    const expected = [input.subarray(0, half), input.subarray(half)].flatMap((picture) => [
      ...expectedLogits(architecture, integers, picture),
    ])
    expect([...logits]).toEqual(expected)
  })
})

describe("the precision 'int8'", () => {
  const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })
  const parameters = seededParameters(architecture)
  const integers = seededIntegers(architecture)
  const input = seededInput(architecture)

  it('takes the integers of a quantised network, and says so', async () => {
    using model = await wasm({ precision: 'int8', threads: 0 }).compile(architecture, parameters, integers)
    expect(model.device).toContain('int8')
    expect((await model.run(input)).logits).toEqual(expectedLogits(architecture, integers, input))
  })

  it('is an error for a network without integers', async () => {
    for (const missing of [null, undefined]) {
      const error = await refusal(wasm({ precision: 'int8', threads: 0 }).compile(architecture, parameters, missing))
      expect(error.code).toBe('PARAMETERS')
      expect(error.message).toContain('has no integers')
    }
  })

  it('is one of the two that auto takes, and float32 is the other', async () => {
    using one = await wasm({ precision: 'auto', threads: 0 }).compile(architecture, parameters, integers)
    expect(one.device).toContain('wasm')
    using other = await wasm({ precision: 'auto', threads: 0 }).compile(architecture, parameters)
    expect(other.device).not.toContain('int8')
    using float = await wasm({ threads: 0 }).compile(architecture, parameters, integers)
    expect(float.device).not.toContain('int8')
  })

  it('leaves a network with another head to float32 if auto chooses', async () => {
    const head = defineMobileNetV2({ widthMultiplier: 0.35, height: 64, width: 64, classes: 3, pool: 'max' })
    const [weights, none] = [seededParameters(head), seededIntegers(defineMobileNetV2({ widthMultiplier: 0.35 }))]
    const error = await refusal(wasm({ precision: 'int8', threads: 0 }).compile(head, weights, none))
    expect(error.code).toBe('BACKEND')
    using model = await wasm({ precision: 'auto', threads: 0 }).compile(head, weights, none)
    expect(model.device).not.toContain('int8')
  })

  it.each(['float16', 8, null])('is no other name, such as %s', (precision) => {
    expect(() => wasm({ precision } as object)).toThrow(expect.objectContaining({ code: 'OPTION' }))
  })

  it('holds activations in less memory than float32', async () => {
    const large = defineMobileNetV2()
    using model = await wasm({ precision: 'int8', threads: 0 }).compile(large, seededParameters(large), seededIntegers(large))
    expect(model.memory().activations).toBeLessThan(domain !== null ? 510_000 : 710_000)
  })
})

/** Integers made from float parameters. Different parameters give different integers. */
const inIntegers = (options: { readonly threads: number }): Backend => {
  const backend = wasm({ ...options, precision: 'int8' })
  return {
    ...backend,
    compile(architecture, parameters) {
      const [first] = parameters.values()
      return backend.compile(architecture, parameters, seededIntegers(architecture, Math.round(1000 * (first?.kernel[0] ?? 0))))
    },
  }
}

describe.each([0, 2])('%d threads', (threads) => describeLifecycle(inIntegers({ threads }), {}))
