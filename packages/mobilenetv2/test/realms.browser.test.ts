import { afterAll, beforeAll, expect, it } from 'vitest'
import { load, type Model, type ModelSource, type PictureSource } from '../src/index.js'
import { smallModel, smallPicture } from './small-files.js'

/** The classes of an iframe. */
let other: typeof globalThis
let frame: HTMLIFrameElement
let model: Model

beforeAll(async () => {
  frame = document.createElement('iframe')
  document.body.append(frame)
  other = frame.contentWindow as unknown as typeof globalThis
  model = await load(smallModel, { backend: 'wasm', threads: 0 })
})

afterAll(() => {
  model.dispose()
  frame.remove()
})

it.each<[string, (file: Uint8Array<ArrayBuffer>) => ModelSource & PictureSource]>([
  ['a Uint8Array', (file) => other.Uint8Array.from(file)],
  ['an ArrayBuffer', (file) => other.Uint8Array.from(file).buffer],
  ['a Blob', (file) => new other.Blob([file])],
  ['a File', (file) => new other.File([file], 'file')],
  ['a Response', (file) => new other.Response(file)],
  ['a stream', (file) => new other.Blob([file]).stream()],
  ['a URL', (file) => new other.URL(URL.createObjectURL(new Blob([file])))],
])('%s of an iframe is a model and a picture', async (_, form) => {
  using read = await load(form(smallModel), { backend: 'wasm', threads: 0 })
  expect(await read.classify(form(smallPicture))).toEqual(await model.classify(smallPicture))
})

it('files of an iframe, one of several', async () => {
  const files = [new other.File([smallModel], 'model.safetensors'), new other.File(['notes'], 'notes.md')]
  using read = await load(files, { backend: 'wasm', threads: 0 })
  expect(read.network.source.file).toContain('model.safetensors')
})

it('elements, canvases and bitmaps of an iframe are pictures', async () => {
  const image = other.document.createElement('img')
  image.src = URL.createObjectURL(new Blob([smallPicture]))
  await image.decode()
  const canvas = other.document.createElement('canvas')
  canvas.width = canvas.height = 2
  canvas.getContext('2d')!.drawImage(image, 0, 0)
  const offscreen = new other.OffscreenCanvas(2, 2)
  offscreen.getContext('2d')!.drawImage(image, 0, 0)
  const bitmap = await other.createImageBitmap(image)
  const expected = await model.classify(smallPicture)
  for (const picture of [image, canvas, offscreen, bitmap]) expect(await model.classify(picture)).toEqual(expected)
})

it('without fetch: what is missing is named', async () => {
  const { fetch } = globalThis
  Reflect.deleteProperty(globalThis, 'fetch')
  try {
    await expect(model.classify('https://host.test/picture.jpg')).rejects.toMatchObject({
      code: 'SOURCE',
      details: { got: expect.stringContaining('fetch') },
    })
  } finally {
    globalThis.fetch = fetch
  }
})
