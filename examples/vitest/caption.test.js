import { load } from 'mobilenetv2'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { caption } from './caption.js'

describe('a caption', () => {
  let model
  // The first time, the model is downloaded.
  beforeAll(async () => {
    model = await load()
  }, 60_000)
  afterAll(() => model.dispose())

  it('names nothing on an empty picture', async () => {
    const grey = sharp({ create: { width: 64, height: 64, channels: 3, background: '#888' } })
    expect(await caption(model, await grey.png().toBuffer())).toBe('something')
  })

  it('names what the model is sure of', async () => {
    const sure = { classify: async () => [{ index: 281, label: 'tabby', probability: 0.83 }] }
    expect(await caption(sure, 'cat.jpg')).toBe('tabby')
  })
})
