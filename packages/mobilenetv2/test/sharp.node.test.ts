import sharp from 'sharp'
import { expect, it } from 'vitest'
import { openPicture } from '../src/picture-source.js'

it('reads an instance of sharp, whatever its depth and channels', async () => {
  const picture = sharp({ create: { width: 3, height: 2, channels: 4, background: { r: 250, g: 120, b: 10, alpha: 1 } } })
  const { rows } = await openPicture(picture.toColourspace('rgb16'))
  const { data, width, height, channels } = rows.read(0, rows.height)
  expect([width, height, channels]).toEqual([3, 2, 3])
  expect([...data.subarray(0, 3)]).toEqual([250, 120, 10])
})

it('reads an instance without operations as its file', async () => {
  const lying = await sharp({ create: { width: 3, height: 2, channels: 3, background: '#c86432' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  for (const source of [lying, sharp(lying)]) {
    const { rows } = await openPicture(source)
    expect([rows.width, rows.height]).toEqual([2, 3])
  }
})
