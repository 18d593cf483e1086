import { expect, it } from 'vitest'
import { openPicture, type PictureSource } from '../src/picture-source.js'

it('lays an ImageData on white, or on the colour given, as a file', async () => {
  const pixels = new ImageData(Uint8ClampedArray.of(200, 100, 50, 128, 0, 0, 255, 255), 2, 1)
  const { rows } = await openPicture(pixels)
  expect([...rows.read(0, 1).data]).toEqual([227, 177, 152, 0, 0, 255])
  const { rows: onGreen } = await openPicture(pixels, undefined, { background: [0, 255, 0] })
  expect([...onGreen.read(0, 1).data]).toEqual([100, 177, 25, 0, 0, 255])
})

it('refuses an ImageData that is not 8 bits of sRGB, with what to do', async () => {
  await expect(openPicture(new ImageData(2, 1, { colorSpace: 'display-p3' }))).rejects.toMatchObject({
    code: 'IMAGE',
    details: { got: expect.stringContaining('display-p3'), remedy: expect.stringContaining("colorSpace: 'srgb'") },
  })
  const settings: object = { pixelFormat: 'rgba-float16' }
  const halves = new ImageData(2, 1, settings)
  expect(halves.data[Symbol.toStringTag]).toBe('Float16Array')
  await expect(openPicture(halves as PictureSource)).rejects.toMatchObject({
    code: 'IMAGE',
    details: { got: 'Float16Array', remedy: expect.stringContaining('Float32Array.from(data)') },
  })
})

it('says what to do about an element that shows nothing', async () => {
  await expect(openPicture(new Image())).rejects.toMatchObject({
    code: 'IMAGE',
    details: { remedy: expect.stringContaining('await image.decode()') },
  })
})
