import { describe, expect, it } from 'vitest'
import { imagenetLabels } from '../src/index.js'

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
