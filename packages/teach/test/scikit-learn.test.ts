import { expectAllClose } from '@mobilenetv2/testing'
import { describe, expect, it } from 'vitest'
import { trainHead } from '../src/index.js'
import golden from './goldens/scikit_learn.json' with { type: 'json' }
import { seededExamples } from './support/seeded-examples.js'

describe("the minimum is scikit-learn's", () => {
  it.each(Object.entries(golden.problems))('%s', async (_, { sizes, length, balanced, kernel, bias }) => {
    const head = await trainHead(seededExamples(sizes, length), { validation: 0, ...(balanced && { classWeights: 'balanced' }) })
    expect(head.penalty).toBe(1 / 500)
    expectAllClose(head.kernel, kernel, { relative: 2e-3 })
    expectAllClose(head.bias, bias, { relative: 1e-3, absolute: 1e-3 })
  })
})
