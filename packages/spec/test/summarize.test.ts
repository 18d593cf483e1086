import { describe, expect, it } from 'vitest'
import { defineMobileNetV1 } from '../src/define-mobilenet-v1.js'
import { defineMobileNetV2 } from '../src/define-mobilenet-v2.js'
import { MobileNetV2Error } from '../src/errors.js'
import { summarize } from '../src/summarize.js'

describe('summarize', () => {
  it("is torchinfo's table of the reference implementation, character for character", async () => {
    await expect(summarize(defineMobileNetV2(), { batch: 2 })).toMatchFileSnapshot('./goldens/torchinfo-batch-2.txt')
  })

  it('counts in the unit that fits', () => {
    expect(summarize(defineMobileNetV2({ height: 32, width: 32, classes: 10 }))).toContain('Total mult-adds (M): ')
    expect(summarize(defineMobileNetV2(), { batch: 64 })).toContain('Total mult-adds (G): 19.25')
    expect(summarize(defineMobileNetV2(), { batch: 4096 })).toContain('Total mult-adds (T): 1.23')
  })

  it('is a Markdown table with a line a layer', () => {
    const lines = summarize(defineMobileNetV2(), { format: 'markdown' }).split('\n')
    expect(lines).toHaveLength(5 + defineMobileNetV2().layers.length)
    expect(lines[4]).toBe('| stem | convolution | 112 x 112 x 32 | 3 x 3 / 2, pad 1 1 1 1 | relu6 |  | 928 | 10,838,016 |')
    expect(lines.slice(0, 4)).toEqual([
      'MobileNetV2, input 1 x 224 x 224 x 3',
      '',
      '| layer | kind | output | kernel / stride, padding | activation | adds | parameters | multiply-adds |',
      '| --- | --- | --- | --- | --- | --- | ---: | ---: |',
    ])
    expect(lines).toContain('| block3.project | pointwise | 56 x 56 x 24 |  | linear | block2.project | 3,504 | 10,838,016 |')
    expect(lines.at(-1)).toBe('| **total** |  |  |  |  |  | 3,504,872 | 300,774,272 |')
  })

  it('is JSON with every layer and the totals of the batch', () => {
    const summary = JSON.parse(summarize(defineMobileNetV1(), { batch: 3, format: 'json' }))
    expect(summary).toMatchObject({ family: 'MobileNetV1', batch: 3, parameters: 4_231_976, multiplyAdds: 3 * 568_740_352 })
    expect(summary.layers).toHaveLength(defineMobileNetV1().layers.length)
    expect(summary.peakActivationBytes).toEqual({ byLayer: 3 * 4_816_896, byBlock: 3 * 4_816_896 })
    expect(summary.layers[0]).toMatchObject({ kernelShape: [3, 3, 3, 32], parameters: 928, multiplyAdds: 3 * 10_838_016 })
    expect(summary.layers.slice(0, 2)).toMatchObject([{ id: 'stem' }, { id: 'block1.depthwise', block: 1 }])
  })

  it('refuses a batch that is not allowed', () => {
    expect(() => summarize(defineMobileNetV2(), { batch: 0 })).toThrow(MobileNetV2Error)
    expect(() => summarize(defineMobileNetV2(), { batch: 1.5 })).toThrow('option batch')
  })
})
