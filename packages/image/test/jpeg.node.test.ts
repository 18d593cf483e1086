import sharp from 'sharp'
import { expect, it } from 'vitest'
import { decode } from '../src/decode.js'
import { jpegScans, withoutProfile } from '../src/jpeg.js'

const plain = sharp({ create: { width: 9, height: 5, channels: 3, background: { r: 200, g: 100, b: 50 } } })

it('leaves out the colour profile of a JPEG, and nothing else', async () => {
  const profiled = await plain
    .clone()
    .withIccProfile('p3')
    .withExif({ IFD0: { Copyright: 'nobody' } })
    .jpeg()
    .toBuffer()
  const rest = Buffer.concat(withoutProfile(profiled)!)
  const before = await sharp(profiled).metadata()
  expect(before.icc).toBeDefined()
  expect(await sharp(rest).metadata()).toEqual({ ...before, size: rest.length, hasProfile: false, icc: undefined })
  const levels = (file: Buffer) => sharp(file, { ignoreIcc: true }).raw().toBuffer()
  expect(await levels(rest)).toEqual(await levels(profiled))
})

it('gives a JPEG without one back as it is, and none for what cannot be followed', async () => {
  const jpeg = await plain.clone().jpeg().toBuffer()
  expect(Buffer.concat(withoutProfile(jpeg)!)).toEqual(jpeg)
  expect(withoutProfile(await plain.clone().png().toBuffer())).toBeNull()
  for (let length = 0; length < 200; length++) expect(withoutProfile(jpeg.subarray(0, length))).toBeNull()
})

/** A progressive JPEG whose last scan, of a few bytes, is there this many times more. */
async function ofScans(more: number): Promise<Buffer> {
  const jpeg = await plain.clone().jpeg({ progressive: true }).toBuffer()
  const last = jpeg.subarray(jpeg.lastIndexOf(Buffer.from([0xff, 0xda])), -2)
  return Buffer.concat([jpeg.subarray(0, -2), ...Array<Buffer>(more).fill(last), jpeg.subarray(-2)])
}

it('counts scans, and refuses a JPEG of too many before a decoder sees it', async () => {
  expect(jpegScans(await plain.clone().jpeg().toBuffer())).toBe(1)
  const progressive = await ofScans(0)
  const scans = jpegScans(progressive)
  expect(scans).toBeGreaterThan(5)
  expect(jpegScans(await ofScans(20))).toBe(scans + 20)
  // What follows the end of the picture, such as a second one, is not counted.
  expect(jpegScans(Buffer.concat([progressive, progressive]))).toBe(scans)
  const stray = await ofScans(20)
  const first = stray.indexOf(Buffer.from([0xff, 0xda]), stray.indexOf(Buffer.from([0xff, 0xda])) + 1)
  expect(jpegScans(Buffer.concat([stray.subarray(0, first), Buffer.from([5, 0xff, 0, 0xff]), stray.subarray(first)]))).toBe(
    scans + 20,
  )
  await decode(progressive)
  const error = { code: 'IMAGE', details: { where: 'file a.jpg', expected: 'at most 32 scans' } }
  await expect(decode(await ofScans(40), { file: 'a.jpg' })).rejects.toMatchObject(error)
})
