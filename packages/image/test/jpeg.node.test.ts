import sharp from 'sharp'
import { expect, it } from 'vitest'
import { withoutProfile } from '../src/jpeg.js'

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
