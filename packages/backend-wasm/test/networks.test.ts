import { expectAllClose, runReference, seededInput, seededParameters } from '@mobilenetv2/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { simdLevel } from '../src/codegen/simd-level.js'
import { chooseThreads } from '../src/threads/choose-threads.js'
import { compileFor } from '../src/wasm.js'
import { randomArchitecture } from './support/random-architecture.js'
import { randomTuning } from './support/random-tuning.js'

const outputs = ['logits', 'features'] as const

describe('random networks', () => {
  const levels = simdLevel() === 'relaxed-simd' ? (['relaxed-simd', 'simd'] as const) : (['simd'] as const)
  it.each(levels)(
    'answer as the reference does, with %s, and the same in all bits however they are tuned',
    async (level) => {
      const property = fc.asyncProperty(
        randomArchitecture,
        randomTuning,
        fc.integer({ min: 1, max: 2 }),
        fc.nat(),
        async (architecture, tuning, batch, seed) => {
          const parameters = seededParameters(architecture, seed)
          const input = seededInput(architecture, batch, seed)
          const expected = runReference(architecture, parameters, input, { batch, outputs })
          using model = await compileFor(level, architecture, parameters, chooseThreads(0))
          using tuned = await compileFor(level, architecture, parameters, chooseThreads(0), { tuning, note: '' })
          const results = await model.run(input, { batch, outputs })
          for (const output of outputs) expectAllClose(results[output], expected[output], { relative: 1e-5, absolute: 1e-6 })
          expect(await tuned.run(input, { batch, outputs })).toEqual(results)
        },
      )
      await fc.assert(property, { numRuns: 30 })
    },
    60_000,
  )
})
