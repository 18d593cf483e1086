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
  })

  it('is a Markdown table with a line a layer', () => {
    const lines = summarize(defineMobileNetV2(), { format: 'markdown' }).split('\n')
    expect(lines).toHaveLength(5 + defineMobileNetV2().layers.length)
    expect(lines[4]).toBe('| stem | convolution | 112 x 112 x 32 | 3 x 3 / 2, pad 1 1 1 1 | relu6 |  | 928 | 10,838,016 |')
    expect(lines.at(-1)).toContain('3,504,872 | 300,774,272 |')
  })

  it('is JSON with every layer and the totals of the batch', () => {
    const summary = JSON.parse(summarize(defineMobileNetV1(), { batch: 3, format: 'json' }))
    expect(summary).toMatchObject({ family: 'MobileNetV1', batch: 3, parameters: 4_231_976, multiplyAdds: 3 * 568_740_352 })
    expect(summary.layers).toHaveLength(defineMobileNetV1().layers.length)
    expect(summary.layers[0]).toMatchObject({ id: 'stem', kernelShape: [3, 3, 3, 32], parameters: 928 })
  })

  it('refuses a batch that is not allowed', () => {
    expect(() => summarize(defineMobileNetV2(), { batch: 0 })).toThrow(MobileNetV2Error)
    expect(() => summarize(defineMobileNetV2(), { batch: 1.5 })).toThrow('option batch')
  })
})
