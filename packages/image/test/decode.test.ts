import { MobileNetV2Error } from '@mobilenetv2/spec'
import { describe, expect, it } from 'vitest'
import type { Colour } from '../src/background.js'
import { decode } from '../src/decode.js'
import { decodeFrames, type Frame } from '../src/frames.js'
import type { Picture } from '../src/picture.js'
import pictures from './goldens/pictures.json' with { type: 'json' }

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
const fileNamed = (name: string): Uint8Array => bytesOf(pictures.cases.find((entry) => entry.name === name)!.file)

/** The largest difference of a picture to RGB levels. */
function difference({ data, width, height, channels }: Picture, size: readonly number[], levels: string): number {
  expect([width, height]).toEqual(size)
  const expected = bytesOf(levels)
  let largest = 0
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(data[Math.floor(i / 3) * channels + (i % 3)]! - expected[i]!))
  }
  return largest
}

async function differenceTo({ file, size, levels }: { file: string; size: number[]; levels: string }): Promise<number> {
  return difference(await decode(bytesOf(file)), size, levels)
}

/** What a browser's canvas may round off where a picture is half transparent. */
const ofCanvas = 'document' in globalThis ? 1 : 0

const colour = pictures.colour as unknown as Colour

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

  it.each(pictures.cmyk)('$name: becomes RGB without a profile, within $tolerance', async (entry) => {
    expect(await differenceTo(entry)).toBeLessThanOrEqual(entry.tolerance)
  })
})

describe('a transparent picture lies on white, or on the colour given', () => {
  for (const { name, file, size, tolerance, onWhite, onColour } of pictures.transparent) {
    it(`${name}, within ${tolerance + ofCanvas}`, async () => {
      expect(difference(await decode(bytesOf(file)), size, onWhite)).toBeLessThanOrEqual(tolerance + ofCanvas)
      const onIt = await decode(bytesOf(file), { background: colour })
      expect(difference(onIt, size, onColour)).toBeLessThanOrEqual(tolerance + ofCanvas)
    })
  }

  it.each([[[255, 255]], [[0, 0, 256]], [[0.5, 0, 0]], ['#fff']])('which must be a colour: %j', async (background) => {
    const { file } = pictures.transparent[0]!
    await expect(decode(bytesOf(file), { background: background as never })).rejects.toMatchObject({ code: 'OPTION' })
  })
})

async function framesOf(bytes: Uint8Array, options = {}): Promise<Frame[]> {
  const frames: Frame[] = []
  for await (const frame of decodeFrames(bytes, options)) frames.push(frame)
  return frames
}

describe('decodeFrames', () => {
  for (const { name, file, size, delays, onColour } of pictures.animated) {
    it(`gives the frames of a ${name} as viewers show them`, async () => {
      const frames = await framesOf(bytesOf(file), { background: colour })
      expect(frames.map(({ index }) => index)).toEqual([0, 1, 2])
      expect(frames.map(({ delay }) => delay)).toEqual(delays)
      for (const frame of frames) expect(difference(frame, size, onColour[frame.index]!)).toBeLessThanOrEqual(ofCanvas)
    })

    it(`refuses a ${name} of more frames than it may have, before one is decoded`, async () => {
      const error = { code: 'IMAGE', details: { where: 'file a.gif', expected: 'at most 2 frames', got: '3 frames' } }
      await expect(framesOf(bytesOf(file), { most: 2, file: 'a.gif' })).rejects.toMatchObject(error)
    })
  }

  it('turns them as the EXIF orientation says', async () => {
    const { file, size, levels } = pictures.cases.find(({ name }) => name === 'WebP of EXIF orientation 6')!
    const [frame] = await framesOf(bytesOf(file))
    expect(difference(frame!, size, levels)).toBe(0)
  })

  it('gives a still picture as its one frame', async () => {
    for (const name of ['JPEG RGB', 'PNG RGB', 'GIF', 'WebP lossless', 'AVIF']) {
      const [frame, ...others] = await framesOf(fileNamed(name))
      expect(others).toEqual([])
      expect(frame).toMatchObject({ ...(await decode(fileNamed(name))), index: 0 })
    }
  })

  it.each(['PNG', 'AVIF'])('refuses an animated %s, whose first frame `decode` gives', async (format) => {
    const file = fileNamed(`${format} of two frames`)
    await expect(framesOf(file)).rejects.toMatchObject({ code: 'IMAGE', details: { got: format } })
  })

  it('ends with the reason of a signal', async () => {
    const controller = new AbortController()
    const frames = decodeFrames(bytesOf(pictures.animated[0]!.file), { signal: controller.signal })
    await frames.next()
    controller.abort(new Error('enough'))
    await expect(frames.next()).rejects.toThrow('enough')
  })

  it('refuses a wrong option', async () => {
    for (const options of [{ most: 0 }, { top: 1 }, { signal: 5 }]) {
      await expect(framesOf(fileNamed('GIF'), options)).rejects.toMatchObject({ code: 'OPTION' })
    }
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
    for (const name of ['JPEG RGB', 'PNG RGB', 'WebP lossless', 'WebP lossy', 'AVIF', 'GIF']) {
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
