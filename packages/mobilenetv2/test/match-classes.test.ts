import { imagenetLabels } from '@mobilenetv2/zoo/labels'
import { describe, expect, it } from 'vitest'
import { matchClasses } from '../src/evaluate/match-classes.js'

const match = async (labels: readonly string[], names: readonly string[], count = labels.length) =>
  Object.fromEntries(await matchClasses(new Set(names), { labels, count }))

const imagenet = await imagenetLabels()

describe('names are matched with the classes of a model', () => {
  it('by label, whatever the case, the spaces and the form of the accents', async () => {
    expect(await match(['Cat', 'box turtle', 'Café'], ['CAT', 'Box_Turtle', 'Cafe\u0301'])).toEqual({
      CAT: 0,
      Box_Turtle: 1,
      'Cafe\u0301': 2,
    })
  })

  it('by a synonym, by a WordNet id, by either', async () => {
    const names = ['tabby, tabby cat', 'Canis lupus', 'n01440764', 'zebra']
    expect(await match(imagenet, names)).toEqual({ 'tabby, tabby cat': 281, 'Canis lupus': 269, n01440764: 0, zebra: 340 })
  })

  it("by WordNet id where a publisher's labels differ in some words", async () => {
    const renamed = imagenet.map((label, index) => (index % 3 === 0 ? `my ${label}` : label.split(',')[0]!))
    expect(await match(renamed, ['n01440764', 'n15075141'])).toEqual({ n01440764: 0, n15075141: 999 })
  })

  it('by index, if that is what all names are', async () => {
    expect(await match(imagenet, ['0', '007', '999'])).toEqual({ '0': 0, '007': 7, '999': 999 })
    expect(await match([], ['0', '1'], 2)).toEqual({ '0': 0, '1': 1 })
  })

  it('by labels that are numbers, before indices', async () => {
    expect(await match(['1', '2', '3'], ['1', '3'])).toEqual({ '1': 0, '3': 2 })
    await expect(match(['1', '2', 'x'], ['0', 'x'])).rejects.toMatchObject({ code: 'INPUT' })
    await expect(match(['1', '2', '3'], ['0', '1', '2'])).rejects.toMatchObject({ code: 'INPUT', details: { got: '0' } })
  })

  it('by the exact label, before one that differs in case or spaces', async () => {
    const labels = ['Cat', 'cat', 'box_turtle', 'box turtle']
    expect(await match(labels, labels)).toEqual({ Cat: 0, cat: 1, box_turtle: 2, 'box turtle': 3 })
    await expect(match(labels, ['CAT'])).rejects.toMatchObject({ details: { got: 'the classes 0 and 1' } })
  })

  it('and a label itself counts before a synonym of another', async () => {
    expect(await match(['big cat, lion', 'lion', 'lion, king'], ['lion'])).toEqual({ lion: 1 })
  })
})

describe('a name that cannot be matched is refused', () => {
  it('with names of both sides', async () => {
    await expect(match(['cat', 'dog', 'emu'], ['cat', 'Hund', 'Vogel'])).rejects.toMatchObject({
      code: 'INPUT',
      message:
        '2 labels of the pictures are not classes of the model.\n  expected: cat; dog; emu; or class indices from 0 to 2, without a background class\n  got: Hund; Vogel',
    })
    await expect(match([], ['cat'], 4)).rejects.toMatchObject({
      details: { expected: expect.stringContaining('this model has no labels') },
    })
    await expect(
      match(
        ['cat', 'dog'],
        Array.from({ length: 20 }, (_, index) => `x${index}`),
      ),
    ).rejects.toMatchObject({
      details: { got: 'x0; x1; x2; x3; x4; x5; x6; x7; 12 more' },
    })
  })

  it('if several classes have it', async () => {
    await expect(match(imagenet, ['crane'])).rejects.toMatchObject({
      code: 'INPUT',
      details: { where: 'label crane', got: 'the classes 134 and 517' },
    })
  })

  it("if it is a WordNet id, and the classes are not ImageNet's", async () => {
    await expect(match(['cat', 'dog'], ['n01440764'])).rejects.toMatchObject({ code: 'INPUT', details: { got: 'n01440764' } })
  })

  it("if it counts as ImageNet's development kit does", async () => {
    const names = Array.from({ length: 1000 }, (_, index) => String(index + 1))
    await expect(match(imagenet, names)).rejects.toMatchObject({
      details: { remedy: expect.stringContaining('ILSVRC2012_validation_ground_truth.txt') },
    })
  })
})
