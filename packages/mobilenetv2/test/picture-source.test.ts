import { expect, it } from 'vitest'
import { framesOf } from '../src/frames.js'
import { openPicture, type PictureSource } from '../src/picture-source.js'
import type { PictureTensor } from '../src/pixels.js'

/** A PNG of 2 x 1 pixels, red and blue. */
const png = Uint8Array.from(
  atob(
    'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAD0lEQVQImWP4z8DAwPAfAAcAAf/89wURAAAAAElFTkSuQmCC',
  ),
  (character) => character.charCodeAt(0),
)
const red = [255, 0, 0]
const blue = [0, 0, 255]

async function colours(source: PictureSource): Promise<number[][]> {
  const { rows } = await openPicture(source)
  const { data, width, height, channels } = rows.read(0, rows.height)
  return Array.from({ length: width * height }, (_, pixel) => [...data.subarray(pixel * channels, pixel * channels + 3)])
}

const tensor = (dtype: string, values: number[]): PictureTensor => ({ shape: [1, 2, 3], dtype, data: async () => values })

it.each<[string, PictureSource]>([
  ['bytes of a file', png],
  ['an ArrayBuffer', png.slice().buffer],
  ['a Blob', new Blob([png])],
  ['a File', new File([png], 'two.png')],
  ['a data URL', `data:image/png;base64,${btoa(String.fromCharCode(...png))}`],
  ['RGB pixels', { data: Uint8Array.of(...red, ...blue), width: 2, height: 1 }],
  ['RGBA pixels', { data: Uint8ClampedArray.of(...red, 255, ...blue, 255), width: 2, height: 1 }],
  ['an integer tensor', tensor('int32', [...red, ...blue])],
  ['a float tensor', tensor('float32', [1, 0, 0, 0, 0, 1])],
  ['floats', { data: Float32Array.of(1, 0, 0, 0, 0, 1), width: 2, height: 1 }],
  ['floats of a range', { data: Float64Array.of(1, -1, -1, -1, -1, 1), width: 2, height: 1, range: [-1, 1] }],
  ['floats of levels', { data: Float32Array.of(...red, ...blue), width: 2, height: 1, range: [0, 255] }],
  ['floats that are rounded a little', { data: Float32Array.of(1.000001, -1e-6, 0, 0, 0, 1), width: 2, height: 1 }],
])('reads %s', async (_, source) => {
  expect(await colours(source)).toEqual([red, blue])
})

it('says what it takes where it gets something else', async () => {
  for (const source of [null, 5, {}, { data: new DataView(new ArrayBuffer(6)), width: 2, height: 1 }]) {
    await expect(openPicture(source as never)).rejects.toMatchObject({ code: 'IMAGE', message: expect.stringContaining('a path') })
  }
  await expect(openPicture(new File([], 'empty.png'))).rejects.toMatchObject({
    code: 'IMAGE',
    details: { where: 'file empty.png' },
  })
})

it('reads pixels as they are at the call', async () => {
  const source = { data: Uint8Array.of(...red, ...blue), width: 2, height: 1 }
  const opening = openPicture(source)
  source.data.fill(7)
  const { data } = (await opening).rows.read(0, 1)
  expect([...data]).toEqual([...red, ...blue])
})

/** The colour behind transparent pixels. */
const green = [0, 255, 0] as const
const white = [255, 255, 255]
const clear = [...red, 0, ...blue, 255]

it.each<[string, PictureSource]>([
  ['RGBA pixels', { data: Uint8ClampedArray.from(clear), width: 2, height: 1 }],
  ['floats', { data: Float32Array.from(clear, (level) => level / 255), width: 2, height: 1 }],
  ['an integer tensor', { shape: [1, 2, 4], dtype: 'int32', data: async () => clear }],
  ['a float tensor', { shape: [1, 2, 4], dtype: 'float32', data: async () => clear.map((level) => level / 255) }],
])('lays transparent pixels on white, or on the colour given: %s', async (_, source) => {
  expect(await colours(source)).toEqual([white, blue])
  const { rows } = await openPicture(source, undefined, { background: green })
  expect([...rows.read(0, 1).data]).toEqual([...green, ...blue])
})

const pixels = { width: 2, height: 1 }
const zeros = [0, 0, 0, 0, 0]

it.each<[string, object, string | RegExp, RegExp]>([
  ['a float tensor of levels', tensor('float32', [...red, ...blue]), '255 at index 0', /range: \[low, high\]/],
  ['a float tensor of -1 to 1', tensor('float32', [0, -1, ...zeros.slice(1)]), '-1 at index 1', /range/],
  ['a tensor of NaN', tensor('float32', [NaN, ...zeros]), 'NaN at index 0', /range/],
  ['an integer tensor beyond 255', tensor('int32', [256, ...zeros]), '256 at index 0', /0 to 255/],
  ['a negative integer tensor', tensor('int32', [...zeros, -1]), '-1 at index 5', /0 to 255/],
  ['a tensor of booleans', tensor('bool', [1, ...zeros]), 'bool', /cast/],
  ['a tensor of a batch', { ...tensor('int32', []), shape: [1, 1, 2, 3] }, '[1, 1, 2, 3]', /squeeze/],
  ['a tensor of grey', { ...tensor('int32', []), shape: [1, 2, 1] }, '[1, 2, 1]', /tile/],
  ['a tensor of other values than its shape', tensor('int32', [1]), '1 values', /width and height/],
  ['floats of levels', { ...pixels, data: Float32Array.of(...red, ...blue) }, '255 at index 0', /range: \[0, 255\]/],
  ['floats a little beyond', { ...pixels, data: Float32Array.of(1.001, ...zeros) }, /^1\.001/, /range/],
  ['an infinite float', { ...pixels, data: Float64Array.of(Infinity, ...zeros) }, 'Infinity at index 0', /range/],
  ['16-bit pixels', { ...pixels, data: Uint16Array.of(1, ...zeros) }, 'Uint16Array', /Float32Array/],
  ['signed pixels', { ...pixels, data: Int8Array.of(1, ...zeros) }, 'Int8Array', /Float32Array/],
  ['pixels of grey', { ...pixels, data: Uint8Array.of(1, 2) }, '2 values', /three times/],
  ['pixels of another size', { ...pixels, data: new Uint8Array(5) }, '5 values', /width and height/],
  ['pixels of display-p3', { ...pixels, data: new Uint8ClampedArray(8), colorSpace: 'display-p3' }, /display-p3/, /srgb/],
])('refuses %s with what to do', async (_, source, got, remedy) => {
  const details = { got: typeof got === 'string' ? got : expect.stringMatching(got), remedy: expect.stringMatching(remedy) }
  await expect(openPicture(source as PictureSource)).rejects.toMatchObject({ code: 'IMAGE', details })
})

it.each([
  ['that is none', { ...pixels, data: Float32Array.of(...zeros, 0), range: [1, 1] }],
  ['that is not finite', { ...pixels, data: Float32Array.of(...zeros, 0), range: [0, Infinity] }],
  ['beside bytes, which it has no effect on', { ...pixels, data: Uint8Array.of(...zeros, 0), range: [0, 1] }],
])('refuses a range %s', async (_, source) => {
  await expect(openPicture(source as PictureSource)).rejects.toMatchObject({ code: 'OPTION' })
})

it('reads floats and a Node Buffer as they are at the call', async () => {
  const floats = Float32Array.of(1, 0, 0, 0, 0, 1)
  const bytes = 'Buffer' in globalThis ? Buffer.from([...red, ...blue]) : Uint8Array.of(...red, ...blue)
  for (const source of [
    { data: floats, ...pixels },
    { data: bytes, ...pixels },
  ]) {
    const opening = openPicture(source)
    source.data.fill(0)
    expect([...(await opening).rows.read(0, 1).data]).toEqual([...red, ...blue])
  }
})

it('gives the frames of a file in any form', async () => {
  const url = `data:image/png;base64,${btoa(String.fromCharCode(...png))}`
  for (const source of [png, png.slice().buffer, new Blob([png]), url, new URL(url)]) {
    const frames: number[][] = []
    for await (const { data, index, delay } of framesOf(source)) frames.push([...data.subarray(0, 3), index, delay])
    expect(frames).toEqual([[...red, 0, 0]])
  }
})

it('says what frames are read from', async () => {
  for (const source of [5, {}, null]) await expect(framesOf(source as never).next()).rejects.toMatchObject({ code: 'IMAGE' })
  const file = new File([Uint8Array.of(1, 2)], 'two.gif')
  await expect(framesOf(file).next()).rejects.toMatchObject({ code: 'IMAGE', details: { where: 'file two.gif' } })
  await expect(framesOf(png, { most: 0 }).next()).rejects.toMatchObject({ code: 'OPTION' })
})
