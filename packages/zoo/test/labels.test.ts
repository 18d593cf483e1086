import { describe, expect, it } from 'vitest'
import { imagenetLabels, imagenetWordnetIds, inatBirdLabels } from '../src/index.js'

describe('imagenetLabels', () => {
  it('has the 1000 classes in order, without a background class', async () => {
    const labels = await imagenetLabels()
    expect(labels.length).toBe(1000)
    expect(labels.every((label) => /^[A-Za-z][A-Za-z0-9 ,.'/-]*$/.test(label))).toBe(true)
    expect([0, 1, 281, 954, 999].map((index) => labels[index])).toEqual([
      'tench, Tinca tinca',
      'goldfish, Carassius auratus',
      'tabby, tabby cat',
      'banana',
      'toilet tissue, toilet paper, bathroom tissue',
    ])
  })

  it('names two classes alike only where ImageNet does', async () => {
    const labels = await imagenetLabels()
    expect(labels.filter((label, index) => labels.indexOf(label) !== index)).toEqual(['crane'])
  })
})

describe('imagenetWordnetIds', () => {
  it('has the 1000 ids in ascending order, which is that of the classes', async () => {
    const ids = await imagenetWordnetIds()
    expect(ids.length).toBe(1000)
    expect(ids.every((id) => /^n\d{8}$/.test(id))).toBe(true)
    expect(ids).toEqual([...new Set(ids)].sort())
    expect([0, 7, 27, 281, 999].map((index) => ids[index])).toEqual([
      'n01440764',
      'n01514668',
      'n01631663',
      'n02123045',
      'n15075141',
    ])
  })
})

describe('inatBirdLabels', () => {
  it('has the 964 birds in order, each once, without a background class', async () => {
    const labels = await inatBirdLabels()
    expect(labels.length).toBe(964)
    expect(new Set(labels).size).toBe(964)
    expect(labels.every((label) => /^[A-Z][a-z]+ [a-z× -]+ \(.+\)$/.test(label))).toBe(true)
    expect([labels[0], labels[963]]).toEqual(["Haemorhous cassinii (Cassin's Finch)", 'Ardenna gravis (Great Shearwater)'])
  })
})
