import { defineMobileNetV2, isWeighted, kernelLength } from '@mobilenetv2/spec'
import { describe, expect, it } from 'vitest'
import goldens from '../goldens/seeded.json' with { type: 'json' }
import { seededInput, seededLevels, seededParameters, seededValues } from '../src/seeded.js'
import { seededStateDict } from '../src/seeded-state-dict.js'

describe('seededValues', () => {
  it.each(goldens.values)(
    'computes the bits that python/seeded.py computed: $name, seed $seed',
    ({ name, low, high, seed, values }) => {
      expect(seededValues(name, values.length, low, high, seed)).toEqual(new Float32Array(values))
    },
  )

  it('fills the range evenly, and differs by name and by seed', () => {
    const values = seededValues('a', 100_000, -2, 6)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    expect(mean).toBeCloseTo(2, 1)
    expect(variance).toBeCloseTo(64 / 12, 1)
    expect(Math.min(...values.subarray(0, 10_000))).toBeGreaterThanOrEqual(-2)
    expect(Math.max(...values.subarray(0, 10_000))).toBeLessThanOrEqual(6)
    expect(seededValues('b', 8, -2, 6)).not.toEqual(values.slice(0, 8))
    expect(seededValues('a', 8, -2, 6, 1)).not.toEqual(values.slice(0, 8))
  })
})

describe('seededParameters', () => {
  it('has the shapes of the architecture, and depends on the seed', () => {
    const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 7 })
    const parameters = seededParameters(architecture)
    for (const layer of architecture.layers.filter(isWeighted)) {
      expect(parameters.get(layer.id)?.kernel).toHaveLength(kernelLength(layer))
      expect(parameters.get(layer.id)?.bias).toHaveLength(layer.biasLength)
    }
    expect(seededParameters(architecture, 1).get('stem')?.bias).not.toEqual(parameters.get('stem')?.bias)
  })
})

describe('seededInput', () => {
  it('is a batch of pictures from -1 to 1, of which the first does not depend on the batch', () => {
    const architecture = defineMobileNetV2({ height: 33, width: 48 })
    const two = seededInput(architecture, 2)
    expect(two).toHaveLength(2 * 33 * 48 * 3)
    expect(two.subarray(0, 33 * 48 * 3)).toEqual(seededInput(architecture))
  })
})

describe('seededLevels', () => {
  it.each(goldens.levels)('computes the levels that python/seeded.py computed', ({ batch, size, seed, rows, columns, values }) => {
    const levels = seededLevels(batch, size, seed)
    const chosen = levels.filter((_, index) => {
      const [x, y] = [Math.floor(index / 3) % size, Math.floor(index / (3 * size)) % size]
      return x % columns === 0 && y % rows === 0
    })
    expect([...chosen]).toEqual(values)
  })

  it('is whole numbers from 0 to 254', () => {
    const levels = seededLevels(4, 64)
    expect(levels.every((level) => Number.isInteger(level) && level >= 0 && level <= 254)).toBe(true)
  })
})

describe('seededStateDict', () => {
  it.each(goldens.stateDict)(
    'computes the bits that python/seeded.py computed: $name, seed $seed',
    ({ name, shape, seed, values }) => {
      expect(seededStateDict({ [name]: shape }, seed)).toEqual([{ name, shape, values: new Float32Array(values) }])
    },
  )
})
