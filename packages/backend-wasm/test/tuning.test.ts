import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededInput, seededParameters } from '@mobilenetv2/testing'
import { describe, expect, it } from 'vitest'
import { simdLevel } from '../src/codegen/simd-level.js'
import { wasm } from '../src/index.js'
import { joinedTuning } from '../src/tuning/choose-tuning.js'
import { measureTunings } from '../src/tuning/measure.js'
import { fastestTuning, tunings, usualTuning } from '../src/tuning/tuning.js'

const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })
const parameters = seededParameters(architecture)
const usual = usualTuning('relaxed-simd')

describe('a trial', () => {
  it.each([0, 1])('times every tuning, and optimised code computes what plain code does; %d workers', async (workers) => {
    const level = simdLevel()
    if (level === 'none') throw new Error('This engine has no SIMD.')
    const { times, isExact } = await measureTunings(level, { workers })
    expect(isExact).toBe(true)
    // A page that is not cross-origin isolated may have a clock that ticks too rarely.
    expect(times === null || times.every((time) => time > 0)).toBe(true)
    expect(times === null || times.length === tunings.length).toBe(true)
  })

  it.each([
    ['the fastest', [8, 10, 11, 12], 12],
    ['the usual one, if another is hardly faster', [9.7, 10, 11, 12], 6],
    ['the usual one, if the clock is too coarse', null, 6],
  ])('is won by %s', (_, times, tilePixels) => {
    expect(fastestTuning(usual, { times, isExact: true }).tilePixels).toBe(tilePixels)
  })
})

it('a map that is one pixel wide adds its products in one order, by rows and as a whole', async () => {
  const column = defineMobileNetV2({ widthMultiplier: 0.35, height: 160, width: 32, classes: 10 })
  const logitsOf = async (narrowestRows: number): Promise<Float32Array> => {
    const tuning = { ...usual, narrowestRows }
    using model = await wasm({ tuning }).compile(column, seededParameters(column))
    return (await model.run(seededInput(column))).logits
  }
  expect(await logitsOf(1)).toEqual(await logitsOf(28))
})

describe('joined vectors', () => {
  const trial = (times: readonly number[], isExact: boolean) => joinedTuning(usual, { times, isExact })
  it('are taken if they compute right and gain something', () => {
    expect(trial([8, 10, 11, 12], true)).toEqual({ tuning: tunings[0], note: ', 256 bits' })
  })
  it('are separated if they gain nothing', () => {
    expect(trial([12, 10, 11, 12], true)).toEqual({ tuning: usual, note: ', 256 bits gain nothing here' })
  })
})

describe('the option tuning', () => {
  it.each(['auto', 'off', tunings[0]!, { ...usual, tilePixels: 14, narrowestRows: 1, rowsMadeByStrip: 16 }] as const)(
    'changes no bit: %j',
    async (tuning) => {
      using plain = await wasm({ tuning: 'off' }).compile(architecture, parameters)
      using tuned = await wasm({ tuning }).compile(architecture, parameters)
      expect(await tuned.run(seededInput(architecture))).toEqual(await plain.run(seededInput(architecture)))
    },
  )

  it.each([
    ['fast', "'auto', 'off', or a tuning"],
    [null, "'auto', 'off', or a tuning"],
    [{ ...usual, tiles: 1 }, 'only doubleTilePixels, depthwiseChannels, narrowestRows, rowsMadeByStrip, tilePixels'],
    [{ ...usual, tilePixels: 15 }, 'an integer from 1 to 14'],
    [{ ...usual, depthwiseChannels: 16 }, '4 or 8'],
    [{ tilePixels: 6 }, '4 or 8'],
  ])('is refused if it is %j', (tuning, expected) => {
    expect(() => wasm({ tuning: tuning as 'auto' })).toThrow(
      expect.objectContaining({ code: 'OPTION', message: expect.stringContaining(expected) }),
    )
  })
})
