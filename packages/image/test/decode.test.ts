import { MobileNetV2Error } from '@mobilenetv2/spec'
import { describe, expect, it } from 'vitest'
import { decode } from '../src/decode.js'
import pictures from './goldens/pictures.json' with { type: 'json' }

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
const fileNamed = (name: string): Uint8Array => bytesOf(pictures.cases.find((entry) => entry.name === name)!.file)

/** The largest difference to RGB levels, alpha left out. */
async function differenceTo({ file, size, levels }: { file: string; size: number[]; levels: string }): Promise<number> {
  const { data, width, height, channels } = await decode(bytesOf(file))
  expect([width, height]).toEqual(size)
  const expected = bytesOf(levels)
  let largest = 0
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(data[Math.floor(i / 3) * channels + (i % 3)]! - expected[i]!))
  }
  return largest
}

async function refusal(bytes: Uint8Array, file?: string): Promise<MobileNetV2Error> {
  const error = await decode(bytes, file === undefined ? {} : { file }).then(
    () => 'decoded',
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(MobileNetV2Error)
  return error as MobileNetV2Error
}

describe(`decode gives the levels that Pillow gives (${pictures.madeBy})`, () => {
  for (const entry of pictures.cases) {
    it(`${entry.name}, within ${entry.tolerance}`, async () => {
      expect(await differenceTo(entry)).toBeLessThanOrEqual(entry.tolerance)
    })
  }

  it('PNG RGBA: drops alpha, within 1', async () => {
    expect(await differenceTo(pictures.alpha)).toBeLessThanOrEqual(1)
  })

  it('JPEG CMYK: becomes RGB without a profile, within 4', async () => {
    expect(await differenceTo(pictures.cmyk)).toBeLessThanOrEqual(4)
  })
})

describe('decode refuses with an error IMAGE that names the file', () => {
  it('no bytes', async () => {
    const { code, message } = await refusal(new Uint8Array(), 'empty.jpg')
    expect(code).toBe('IMAGE')
    expect(message).toMatch(/where: file empty\.jpg\s+expected: a picture file\s+got: 0 bytes/)
  })

  it('a text file', async () => {
    const { code, message } = await refusal(new TextEncoder().encode('file,class_index\n'), 'labels.csv')
    expect(code).toBe('IMAGE')
    expect(message).toMatch(/where: file labels\.csv\s+expected: a whole JPEG.*\s+got: 17 bytes that begin with 66 69 .*"file,cla"/)
  })

  it('a picture cut short', async () => {
    for (const name of ['JPEG RGB', 'PNG RGB', 'WebP lossless']) {
      const whole = fileNamed(name)
      for (const share of [0.03, 0.5, 0.9]) {
        const { code, message } = await refusal(whole.subarray(0, Math.floor(whole.length * share)), `${name} ${share}`)
        expect(code).toBe('IMAGE')
        expect(message).toContain(`file ${name} ${share}`)
      }
    }
  })

  it('a header that promises too many pixels, before they are decoded', async () => {
    const jpeg = fileNamed('JPEG RGB').slice()
    const frameHeader = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0)
    new DataView(jpeg.buffer).setUint32(frameHeader + 5, 10_000 * 65_536 + 10_000)
    const { code, message } = await refusal(jpeg, 'bomb.jpg')
    expect(code).toBe('IMAGE')
    expect(message).toMatch(/too large[\s\S]*bomb\.jpg[\s\S]*at most 67108864 pixels[\s\S]*10000 x 10000/)
  })
})

it('decode refuses an option that does not exist', async () => {
  const options: object = { name: 'cat.jpg' }
  await expect(decode(new Uint8Array(4), options)).rejects.toMatchObject({ code: 'OPTION' })
})
