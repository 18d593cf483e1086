import { describe, expect, it } from 'vitest'
import { activationMemory } from '../src/activation-memory.js'
import { defineMobileNetV2 } from '../src/define-mobilenet-v2.js'

const kilobytes = (bytes: number) => bytes / 1024

describe('activationMemory at width 1.0 and 224 x 224', () => {
  const architecture = defineMobileNetV2()

  it('is, layer by layer, worst in the first strided depthwise layer: 112 x 112 x 96 in, 56 x 56 x 96 out', () => {
    const { peakBytes, steps } = activationMemory(architecture, 'layer')
    expect(peakBytes).toBe((112 * 112 + 56 * 56) * 96 * 4)
    expect(steps.find(({ bytes }) => bytes === peakBytes)?.layers).toEqual(['block2.depthwise'])
  })

  it('is, block by block, worst in the first block: 112 x 112 x 32 in, 112 x 112 x 16 out', () => {
    const { peakBytes, steps } = activationMemory(architecture, 'block')
    expect(peakBytes).toBe(112 * 112 * (32 + 16) * 4)
    expect(steps.find(({ bytes }) => bytes === peakBytes)?.layers).toEqual(['block1.depthwise', 'block1.project'])
    expect(steps.map(({ layers }) => layers.length)).toEqual([1, 2, ...Array.from({ length: 16 }, () => 3), 1, 1, 1])
    const block2 = steps.find(({ layers }) => layers.includes('block2.project'))
    expect(kilobytes(block2?.bytes ?? 0)).toBe((112 * 112 * 16 + 56 * 56 * 24) / 256)
  })

  it('counts the picture while the first layer reads it', () => {
    const { steps } = activationMemory(architecture, 'layer')
    expect(steps[0]).toEqual({ layers: ['stem'], bytes: (224 * 224 * 3 + 112 * 112 * 32) * 4 })
    expect(steps[1]?.bytes).toBe(112 * 112 * 32 * 2 * 4)
  })

  it('keeps what a residual still needs while the block runs layer by layer', () => {
    const { steps } = activationMemory(architecture, 'layer')
    const expand = steps.find(({ layers }) => layers[0] === 'block3.depthwise')
    expect(expand?.bytes).toBe((56 * 56 * 144 * 2 + 56 * 56 * 24) * 4)
  })
})
