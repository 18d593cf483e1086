import sharp from 'sharp'
import { expect, it } from 'vitest'
import { decode } from '../src/decode.js'
import { mostSegments, readJpeg } from '../src/jpeg.js'

const plain = sharp({ create: { width: 9, height: 5, channels: 3, background: { r: 200, g: 100, b: 50 } } })

it('leaves out the colour profile of a JPEG, and nothing else', async () => {
  const profiled = await plain
    .clone()
    .withIccProfile('p3')
    .withExif({ IFD0: { Copyright: 'nobody' } })
    .jpeg()
    .toBuffer()
  const rest = Buffer.concat(readJpeg(profiled).parts!)
  const before = await sharp(profiled).metadata()
  expect(before.icc).toBeDefined()
  expect(await sharp(rest).metadata()).toEqual({ ...before, size: rest.length, hasProfile: false, icc: undefined })
  const levels = (file: Buffer) => sharp(file, { ignoreIcc: true }).raw().toBuffer()
  expect(await levels(rest)).toEqual(await levels(profiled))
})

it('leaves a JPEG without a profile as it is, and gives no parts if there is no scan', async () => {
  const jpeg = await plain.clone().jpeg().toBuffer()
  expect(Buffer.concat(readJpeg(jpeg).parts!)).toEqual(jpeg)
  for (let length = 0; length < 200; length++) expect(readJpeg(jpeg.subarray(0, length)).parts).toBeUndefined()
})

/** A progressive JPEG whose last scan, of a few bytes, is repeated `more` times. */
async function ofScans(more: number): Promise<Buffer> {
  const jpeg = await plain.clone().jpeg({ progressive: true }).toBuffer()
  const last = jpeg.subarray(jpeg.lastIndexOf(Buffer.from([0xff, 0xda])), -2)
  return Buffer.concat([jpeg.subarray(0, -2), ...Array<Buffer>(more).fill(last), jpeg.subarray(-2)])
}

it('counts scans, and refuses a JPEG of too many before a decoder sees it', async () => {
  expect(readJpeg(await plain.clone().jpeg().toBuffer()).scans).toBe(1)
  const progressive = await ofScans(0)
  const { scans } = readJpeg(progressive)
  expect(scans).toBeGreaterThan(5)
  expect(readJpeg(await ofScans(20)).scans).toBe(scans + 20)
  // What follows the end of the picture, such as a second one, is not counted.
  expect(readJpeg(Buffer.concat([progressive, progressive])).scans).toBe(scans)
  const stray = await ofScans(20)
  const first = stray.indexOf(Buffer.from([0xff, 0xda]), stray.indexOf(Buffer.from([0xff, 0xda])) + 1)
  const withStray = Buffer.concat([stray.subarray(0, first), Buffer.from([5, 0xff, 0, 0xff]), stray.subarray(first)])
  expect(readJpeg(withStray).scans).toBe(scans + 20)
  await decode(progressive)
  const error = { code: 'IMAGE', details: { where: 'file a.jpg', expected: expect.stringContaining('at most 32 scans') } }
  await expect(decode(await ofScans(40), { file: 'a.jpg' })).rejects.toMatchObject(error)
})

it('refuses a JPEG of too many segments before a decoder sees it, and follows no more of them', async () => {
  const jpeg = await plain.clone().jpeg().toBuffer()
  const ofSegments = (more: number): Buffer =>
    Buffer.concat([jpeg.subarray(0, 2), Buffer.alloc(4 * more, Buffer.from([0xff, 0xfe, 0, 2])), jpeg.subarray(2)])
  const { segments, ...header } = readJpeg(jpeg)
  expect(readJpeg(ofSegments(1000))).toMatchObject({ segments: segments + 1000, size: header.size, components: 3, scans: 1 })
  expect(await decode(ofSegments(1000))).toEqual(await decode(jpeg))
  const tooMany = ofSegments(20 * mostSegments)
  expect(readJpeg(tooMany)).toMatchObject({ segments: mostSegments + 1, size: undefined, scans: 0 })
  await expect(decode(tooMany)).rejects.toMatchObject({ code: 'IMAGE', message: expect.stringContaining('segments') })
})

it.each([
  [0xff, 0xff],
  [0xff, 0x01],
  [0xff, 0xd0],
  [0xff, 0x00],
])('finds no segment in a megabyte of the bytes %i %i, and the picture behind it', async (...pair) => {
  const jpeg = await plain.clone().jpeg().toBuffer()
  const filler = Buffer.alloc(2 ** 20, Buffer.from(pair))
  const { segments, size } = readJpeg(jpeg)
  expect(readJpeg(Buffer.concat([jpeg.subarray(0, 2), filler]))).toMatchObject({ segments: 0, size: undefined })
  expect(readJpeg(Buffer.concat([jpeg.subarray(0, 2), filler, jpeg.subarray(2)]))).toMatchObject({ segments, size })
})
