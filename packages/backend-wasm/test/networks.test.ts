import { expectAllClose, runReference, seededInput, seededParameters } from '@mobilenetv2/testing'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { simdLevel } from '../src/codegen/simd-level.js'
import { chooseThreads } from '../src/threads/choose-threads.js'
import { compileFor } from '../src/wasm.js'
import { randomArchitecture } from './support/random-architecture.js'

const outputs = ['logits', 'features'] as const

describe('random networks', () => {
  const levels = simdLevel() === 'relaxed-simd' ? (['relaxed-simd', 'simd'] as const) : (['simd'] as const)
  it.each(levels)('answer as the reference does, with %s', { timeout: 60_000 }, async (level) => {
    await fc.assert(
      fc.asyncProperty(randomArchitecture, fc.integer({ min: 1, max: 2 }), fc.nat(), async (architecture, batch, seed) => {
        const parameters = seededParameters(architecture, seed)
        const input = seededInput(architecture, batch, seed)
        const expected = runReference(architecture, parameters, input, { batch, outputs })
        using model = await compileFor(level, architecture, parameters, chooseThreads(0))
        const results = await model.run(input, { batch, outputs })
        for (const output of outputs) expectAllClose(results[output], expected[output], { relative: 1e-5, absolute: 1e-6 })
      }),
      { numRuns: 30 },
    )
  })
})
