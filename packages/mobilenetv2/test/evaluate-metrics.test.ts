import { createPause } from '@mobilenetv2/runtime'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calibrationBins, calibrationError } from '../src/evaluate/calibration.js'
import { confusionCounts, confusionList } from '../src/evaluate/confusion.js'
import { keepWorst } from '../src/evaluate/mistakes.js'
import { balancedAccuracy, perClass } from '../src/evaluate/per-class.js'
import { lossOf, probabilityOf, type Scores, scoresOf } from '../src/evaluate/scores.js'
import { fitTemperature } from '../src/evaluate/temperature.js'

const answers = (...pairs: [is: number, answered: number][]) => pairs.map(([is, answered]) => ({ is, answered }))

describe('confusion and classes', () => {
  const counts = confusionCounts(answers([0, 0], [0, 0], [0, 1], [1, 1], [2, 1], [2, 2], [2, 2], [2, 5]))

  it('counts what was taken for what, and leaves out what never happened', () => {
    expect(counts).toEqual({ 0: { 0: 2, 1: 1 }, 1: { 1: 1 }, 2: { 1: 1, 2: 2, 5: 1 } })
    expect(confusionList(counts)).toContainEqual({ is: 2, answered: 5, pictures: 1 })
  })

  it('gives precision, recall and F1 of each class, none where nothing is divided', () => {
    expect(perClass(counts)).toEqual([
      { index: 0, pictures: 3, answered: 2, right: 2, precision: 1, recall: 2 / 3, f1: 4 / 5 },
      { index: 1, pictures: 1, answered: 3, right: 1, precision: 1 / 3, recall: 1, f1: 1 / 2 },
      { index: 2, pictures: 4, answered: 2, right: 2, precision: 1, recall: 1 / 2, f1: 2 / 3 },
      { index: 5, pictures: 0, answered: 1, right: 0, precision: 0, recall: null, f1: 0 },
    ])
    expect(perClass(confusionCounts(answers([3, 4])))[0]).toMatchObject({ precision: null, recall: 0, f1: 0 })
  })

  it('counts each class alike in the balanced accuracy, but those without pictures', () => {
    expect(balancedAccuracy(perClass(counts))).toBeCloseTo((2 / 3 + 1 + 1 / 2) / 3, 12)
  })
})

describe('calibration', () => {
  const judged = (confidence: number, ...right: boolean[]) => right.map((isRight) => ({ confidence, isRight }))

  it('puts answers into 15 intervals, each with its upper end', () => {
    const bins = calibrationBins([...judged(0, true), ...judged(1 / 15, false), ...judged(0.5, true), ...judged(1, true)])
    expect(bins.map(({ pictures }) => pictures)).toEqual([2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1])
    expect(bins[0]).toEqual({ from: 0, to: 1 / 15, pictures: 2, confidence: 1 / 30, accuracy: 1 / 2 })
    expect(bins[1]).toMatchObject({ confidence: null, accuracy: null })
  })

  it('weighs how far confidence and accuracy are apart', () => {
    // Three of four are right at 0.95, none of two at 0.55: (4 * 0.2 + 2 * 0.55) / 6.
    const bins = calibrationBins([...judged(0.95, true, true, true, false), ...judged(0.55, false, false)])
    expect(calibrationError(bins)).toBeCloseTo((0.8 + 1.1) / 6, 12)
    expect(calibrationError(calibrationBins(judged(1, true, true)))).toBe(0)
  })
})

describe('scores', () => {
  const classes = (output: 'softmax' | 'sigmoid' | 'logits', ...labels: string[]) => ({ output, labels })

  it('are read as classify reads them', () => {
    const three = Float32Array.of(1, 2, 3)
    expect(scoresOf(three, classes('logits'))).toEqual({ values: three, kind: 'softmax' })
    expect(scoresOf(three, classes('sigmoid'))).toEqual({ values: three, kind: 'sigmoid' })
    expect(scoresOf(Float32Array.of(2), classes('logits', 'no', 'yes'))).toEqual({
      values: Float32Array.of(0, 2),
      kind: 'softmax',
    })
  })

  it('give the loss in nats', () => {
    const softmax: Scores = { values: Float32Array.of(0, Math.log(3)), kind: 'softmax' }
    expect(lossOf(softmax, 0)).toBeCloseTo(Math.log(4), 6)
    expect(probabilityOf(softmax, 1)).toBeCloseTo(0.75, 6)
    const sigmoid: Scores = { values: Float32Array.of(Math.log(3), 0, -Math.log(3)), kind: 'sigmoid' }
    // The right class has 3/4; the others 1/2 and 1/4, which should be 0.
    expect(lossOf(sigmoid, 0)).toBeCloseTo(-(Math.log(3 / 4) + Math.log(1 / 2) + Math.log(3 / 4)) / 3, 6)
    expect(probabilityOf(sigmoid, 0)).toBeCloseTo(0.75, 6)
  })

  it('stay finite however large they are', () => {
    for (const kind of ['softmax', 'sigmoid'] as const) {
      const scores: Scores = { values: Float32Array.of(1e30, -1e30), kind }
      expect([lossOf(scores, 0), lossOf(scores, 1)].every(Number.isFinite)).toBe(true)
      expect(probabilityOf(scores, 0)).toBe(1)
    }
  })
})

describe('the temperature', () => {
  const pictures = (kind: Scores['kind'], ...list: [right: number, ...values: number[]][]) =>
    list.map(([right, ...values]) => ({ right, scores: { values: Float32Array.from(values), kind } }))
  const fit = (list: ReturnType<typeof pictures>) => fitTemperature(list, createPause())

  it('is that at which confidence is accuracy', async () => {
    // Three of four are right: sigmoid(4 / temperature) = 3/4.
    const list = pictures('softmax', [0, 4, 0], [0, 4, 0], [0, 4, 0], [1, 4, 0])
    expect(await fit(list)).toBeCloseTo(4 / Math.log(3), 6)
    expect(await fit(pictures('sigmoid', [0, 4, -4], [0, 4, -4], [0, 4, -4], [1, 4, -4]))).toBeCloseTo(4 / Math.log(3), 6)
  })

  it('has limits, for a model that is always right or always wrong', async () => {
    expect(await fit(pictures('softmax', [0, 4, 0]))).toBe(0.05)
    expect(await fit(pictures('softmax', [1, 4, 0]))).toBe(20)
  })

  it('makes the loss least', async () => {
    const value = fc.double({ min: -30, max: 30, noNaN: true })
    const picture = fc.tuple(fc.nat(2), value, value, value)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('softmax', 'sigmoid'),
        fc.array(picture, { minLength: 1, maxLength: 20 }),
        async (kind, list) => {
          const all = pictures(kind, ...list)
          const loss = (temperature: number) =>
            all.reduce((sum, { scores, right }) => sum + lossOf(scores, right, 1 / temperature), 0)
          const temperature = await fit(all)
          for (const other of [0.05, temperature * 0.99, temperature * 1.01, 1, 20]) {
            if (other >= 0.05 && other <= 20) expect(loss(temperature)).toBeLessThanOrEqual(loss(other) + 1e-9 * (1 + loss(other)))
          }
        },
      ),
      { numRuns: 50 },
    )
  })
})

it('the worst mistakes are kept, the first of equal ones first', () => {
  const mistake = (picture: string) => {
    const answer = { index: 0, label: picture, probability: 1 }
    return { picture, right: answer, answer }
  }
  const worst = keepWorst(3)
  for (const [name, loss] of [
    ['a', 1],
    ['b', 3],
    ['c', 1],
    ['d', 2],
    ['e', 0],
  ] as const)
    worst.add(mistake(name), loss)
  expect(worst.list().map(({ picture }) => picture)).toEqual(['b', 'd', 'a'])
  const none = keepWorst(0)
  none.add(mistake('a'), 1)
  expect(none.list()).toEqual([])
})
