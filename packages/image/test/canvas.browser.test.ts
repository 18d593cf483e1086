import { expect, it } from 'vitest'
import { readDrawable } from '../src/canvas.js'

function drawn(width: number, height: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')!
  context.fillStyle = 'rgb(200, 100, 50)'
  context.fillRect(0, 0, width, height)
  context.fillStyle = 'rgb(0, 0, 255)'
  context.fillRect(0, 0, 1, 1)
  return canvas
}

/** Every kind of element and object that draws, with the same pixels. */
async function drawables(): Promise<[string, Parameters<typeof readDrawable>[0]][]> {
  const canvas = drawn(5, 3)
  const blob = await canvas.convertToBlob()
  const image = new Image()
  image.src = URL.createObjectURL(blob)
  await image.decode()
  image.width = 50
  const element = document.createElement('canvas')
  element.width = 5
  element.height = 3
  element.getContext('2d')!.drawImage(canvas, 0, 0)
  const bitmap = await createImageBitmap(blob)
  const frame = new VideoFrame(canvas, { timestamp: 0 })
  return [
    ['OffscreenCanvas', canvas],
    ['HTMLImageElement, at its own size', image],
    ['HTMLCanvasElement', element],
    ['ImageBitmap', bitmap],
    ['VideoFrame', frame],
  ]
}

it('reads the pixels of whatever a browser draws', async () => {
  for (const [name, drawable] of await drawables()) {
    const { data, width, height, channels } = readDrawable(drawable)
    expect([width, height, channels, data.length], name).toEqual([5, 3, 4, 60])
    expect([...data.subarray(0, 8)], name).toEqual([0, 0, 255, 255, 200, 100, 50, 255])
  }
})

it('says what is wrong with an element that shows nothing', () => {
  expect(() => readDrawable(new Image())).toThrow('got: 0 x 0')
  expect(() => readDrawable(document.createElement('video'))).toThrow('got: 0 x 0')
})
