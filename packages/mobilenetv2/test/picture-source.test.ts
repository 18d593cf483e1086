import { expect, it } from 'vitest'
import { openPicture, type PictureSource } from '../src/picture-source.js'

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

const tensor = (dtype: string, values: number[]): PictureSource => ({ shape: [1, 2, 3], dtype, data: async () => values })

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
])('reads %s', async (_, source) => {
  expect(await colours(source)).toEqual([red, blue])
})

it('says what it takes where it gets something else', async () => {
  for (const source of [null, 5, {}]) {
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
