import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { type Classes, toSafetensors } from '@mobilenetv2/weights'
import { describe, expect, it } from 'vitest'
import { openLabelledPictures } from '../src/labelled-pictures.js'
import { load } from '../src/load.js'
import type { Model } from '../src/model.js'

/** A model of 32 x 32 pixels whose weights are seeded. */
function openModel(classes: Partial<Classes>, logits = 3): Promise<Model> {
  const options = { widthMultiplier: 0.1, height: 32, width: 32, classes: logits, headChannels: 16 }
  const bytes = toSafetensors({
    options,
    parameters: seededParameters(defineMobileNetV2(options)),
    preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [0.02, 0.02, 0.02] },
    classes: { labels: ['Cat', 'Dog', 'Emu'], background: null, output: 'softmax', ...classes },
  })
  return load(bytes, { backend: 'wasm', threads: 0 })
}

/** Pictures, each with another pattern. */
const pictures = Array.from({ length: 12 }, (_, index) => ({
  data: Uint8Array.from({ length: 3 * 32 * 32 }, (_, at) => (at * (index + 3) * 7 + index * 20) % 256),
  width: 32,
  height: 32,
}))
const broken = new TextEncoder().encode('no picture')

describe('evaluate', () => {
  it('says what classify answers, and how far that is right', async () => {
    using model = await openModel({})
    const answers = await Promise.all(pictures.map((picture) => model.classify(picture)))
    const labels = ['Cat', 'Dog', 'Emu'] as const
    const labelled = { cat: pictures.slice(0, 5), DOG: pictures.slice(5, 9), Emu: pictures.slice(9) }
    const is = [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2]
    const told: unknown[] = []
    const evaluation = await model.evaluate(labelled, { mistakes: 2, onProgress: (progress) => told.push(progress) })

    const probabilities = answers.map((each, picture) => each.find(({ index }) => index === is[picture])!.probability)
    const right = answers.filter(([best], picture) => best!.index === is[picture]).length
    expect(evaluation).toMatchObject({
      pictures: 12,
      accuracy: right / 12,
      top5: 1,
      modelClasses: 3,
      fitted: null,
      skipped: [],
      leftOut: [],
      model: '(bytes)',
      backend: 'wasm',
      device: model.device,
    })
    expect(evaluation.loss).toBeCloseTo(-probabilities.reduce((sum, each) => sum + Math.log(each), 0) / 12, 5)
    expect(evaluation.picturesPerSecond).toBeGreaterThan(0)
    expect(evaluation.classes.map(({ label }) => label)).toEqual(
      labels.filter((label) => evaluation.classes.some((each) => each.label === label)),
    )
    expect(told).toEqual(Array.from({ length: 12 }, (_, index) => ({ done: index + 1, total: 12 })))
    for (const [picture, [best]] of answers.entries()) expect(evaluation.confusion[is[picture]!]?.[best!.index]).toBeGreaterThan(0)

    const wrong = pictures
      .map((picture, index) => ({ picture, answer: answers[index]![0]!, probability: probabilities[index]!, is: is[index]! }))
      .filter((each) => each.answer.index !== each.is)
      .sort((one, other) => one.probability - other.probability)
    expect(wrong.length).toBeGreaterThan(2)
    expect(evaluation.mistakes.length).toBe(2)
    for (const [index, mistake] of evaluation.mistakes.entries()) {
      expect(mistake.picture).toBe(wrong[index]!.picture)
      expect(mistake.answer).toEqual(wrong[index]!.answer)
      expect(mistake.right).toMatchObject({ index: wrong[index]!.is, label: labels[wrong[index]!.is] })
      expect(mistake.right.probability).toBeCloseTo(wrong[index]!.probability, 5)
    }
  })

  it('fits a temperature that lowers the loss and leaves the answers', async () => {
    using model = await openModel({})
    const labelled = { Cat: pictures.slice(0, 5), Dog: pictures.slice(5, 9), Emu: pictures.slice(9) }
    const { loss, fitted, accuracy } = await model.evaluate(labelled, { temperature: true })
    expect(fitted!.loss).toBeLessThan(loss)
    expect(fitted!.bins.reduce((sum, bin) => sum + (bin.accuracy ?? 0) * bin.pictures, 0) / 12).toBeCloseTo(accuracy, 12)
  })

  it('leaves a background class out, as classify does', async () => {
    using model = await openModel({ labels: ['Cat', 'Dog'], background: 0 })
    const [answer] = await model.classify(pictures[0]!, { top: 1 })
    const { classes, loss, modelClasses } = await model.evaluate({ [answer!.label]: [pictures[0]!] })
    expect(modelClasses).toBe(2)
    expect(classes).toMatchObject([{ label: answer!.label, right: 1, recall: 1 }])
    expect(loss).toBeCloseTo(-Math.log(answer!.probability), 5)
    const byIndex = await model.evaluate({ [answer!.index]: [pictures[0]!] })
    expect(byIndex.accuracy).toBe(1)
  })

  it('takes each class by itself where classify does', async () => {
    using model = await openModel({ output: 'sigmoid' })
    const answers = await model.classify(pictures[0]!, { top: 3 })
    const { loss, accuracy } = await model.evaluate({ [answers[1]!.label]: [pictures[0]!] })
    const [one, right, other] = answers.map(({ probability }) => probability)
    expect(accuracy).toBe(0)
    expect(loss).toBeCloseTo(-(Math.log(1 - one!) + Math.log(right!) + Math.log(1 - other!)) / 3, 5)
  })

  it('takes a single output for two classes if both are named, and refuses it else', async () => {
    using model = await openModel({ labels: ['no cat', 'cat'], output: 'sigmoid' }, 1)
    const [best] = await model.classify(pictures[0]!)
    expect(await model.evaluate({ [best!.label]: [pictures[0]!] })).toMatchObject({ accuracy: 1, modelClasses: 2 })
    using alone = await openModel({ labels: [], output: 'sigmoid' }, 1)
    await expect(alone.evaluate({ 0: [pictures[0]!] })).rejects.toMatchObject({
      code: 'OPTION',
      message: expect.stringMatching(/one class/),
    })
  })

  it('takes indices for a model without labels', async () => {
    using model = await openModel({ labels: [] })
    const { classes } = await model.evaluate({ 0: pictures.slice(0, 3), 2: pictures.slice(3) })
    expect(classes.map(({ label, index }) => label === `class ${index}`)).not.toContain(false)
  })

  it('lists a picture that cannot be read, and an empty class', async () => {
    using model = await openModel({})
    const evaluation = await model.evaluate({ Cat: [pictures[0]!, broken], Dog: new Set([pictures[1]!]), Emu: [] })
    expect(evaluation.pictures).toBe(2)
    expect(evaluation.skipped).toEqual([{ picture: broken, label: 'Cat', error: expect.objectContaining({ code: 'IMAGE' }) }])
    expect(evaluation.leftOut).toEqual(['The class Emu has no pictures.'])
    await expect(model.evaluate({ Cat: [broken] })).rejects.toMatchObject({
      code: 'IMAGE',
      message: expect.stringMatching(/None of the pictures/),
    })
  })

  it('ends with its signal, and with its model', async () => {
    const model = await openModel({})
    const controller = new AbortController()
    const onProgress = () => controller.abort(new Error('enough'))
    await expect(model.evaluate({ Cat: pictures }, { signal: controller.signal, onProgress })).rejects.toThrow('enough')
    const evaluating = model.evaluate({ Cat: pictures }, { onProgress: () => model.dispose() })
    await expect(evaluating).rejects.toMatchObject({ code: 'DISPOSED' })
    await expect(model.evaluate({ Cat: pictures })).rejects.toMatchObject({ code: 'DISPOSED' })
  })

  it('opens pictures of another option under its name', async () => {
    await expect(openLabelledPictures(true as never, undefined, { name: 'validation' })).rejects.toMatchObject({
      details: { where: 'option validation' },
    })
    await expect(openLabelledPictures({ Cat: 1 } as never, undefined, { name: 'validation' })).rejects.toMatchObject({
      details: { where: 'option validation.Cat' },
    })
    await expect(openLabelledPictures({})).rejects.toMatchObject({ code: 'INPUT', details: { where: 'option pictures' } })
  })

  it.each<[string, unknown, object, string]>([
    ['nothing', {}, {}, 'INPUT'],
    ['a list', pictures, {}, 'OPTION'],
    ['a picture for a list', { Cat: pictures[0] }, {}, 'OPTION'],
    ['a path for a list', { Cat: 'cat.jpg' }, {}, 'OPTION'],
    ['bytes for a list', { Cat: broken }, {}, 'OPTION'],
    ['a label that is no class', { Cow: pictures }, {}, 'INPUT'],
    ['a label file beside lists', { Cat: pictures }, { labels: 'val.txt' }, 'OPTION'],
    ['an unknown option', { Cat: pictures }, { top: 3 }, 'OPTION'],
    ['a wrong option', { Cat: pictures }, { mistakes: -1 }, 'OPTION'],
    ['a wrong background', { Cat: pictures }, { background: 'red' }, 'OPTION'],
    ['a wrong decoding', { Cat: pictures }, { decode: 'quick' }, 'OPTION'],
    ['a wrong kind of option', { Cat: pictures }, { temperature: 1 }, 'OPTION'],
    ['a folder that is not there', 'no/such/folder', {}, 'SOURCE'],
  ])('refuses %s', async (_, wrong, options, code) => {
    using model = await openModel({})
    await expect(model.evaluate(wrong as never, options)).rejects.toMatchObject({ code })
  })

  it('refuses a model without a classifier', async () => {
    using model = await openModel({ labels: [] }, 0)
    await expect(model.evaluate({ 0: pictures })).rejects.toMatchObject({ code: 'CHECKPOINT' })
  })
})
