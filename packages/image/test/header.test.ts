import { describe, expect, it } from 'vitest'
import { headerSize } from '../src/header.js'
import pictures from './goldens/pictures.json' with { type: 'json' }

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))

describe('headerSize', () => {
  for (const { name, file, size } of pictures.cases) {
    it(name, () => {
      const stored = headerSize(bytesOf(file))
      // Orientations 5 to 8 lie on their side.
      const turned = /orientation [5-8]/.test(name) ? [stored?.height, stored?.width] : [stored?.width, stored?.height]
      expect(turned).toEqual(size)
    })
  }

  it('knows the lossy and the extended WebP', () => {
    const chunk = (kind: string, content: readonly number[]): Uint8Array =>
      Uint8Array.of(...Array.from(`RIFF....WEBP${kind}....`, (letter) => letter.charCodeAt(0)), ...content)
    expect(headerSize(chunk('VP8X', [0, 0, 0, 0, 0xff, 1, 0, 0x2c, 1, 1]))).toEqual({ width: 512, height: 65_837 })
    expect(headerSize(chunk('VP8 ', [0, 0, 0, 0x9d, 1, 0x2a, 0x40, 1, 0xf0, 0x40]))).toEqual({ width: 320, height: 240 })
  })

  it('says nothing of what is cut short or unknown, and ends on every prefix', () => {
    for (const { file } of pictures.cases) {
      const bytes = bytesOf(file)
      for (let length = 0; length < Math.min(bytes.length, 400); length++) headerSize(bytes.subarray(0, length))
    }
    expect(headerSize(new Uint8Array())).toBeUndefined()
    expect(headerSize(new TextEncoder().encode('just text'))).toBeUndefined()
    expect(headerSize(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xe0, 0, 0))).toBeUndefined()
  })
})
