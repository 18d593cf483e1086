import { expect, it, vi } from 'vitest'
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
    const { data, width, height, channels } = await readDrawable(drawable)
    expect([width, height, channels, data.length], name).toEqual([5, 3, 4, 60])
    expect([...data.subarray(0, 8)], name).toEqual([0, 0, 255, 255, 200, 100, 50, 255])
  }
})

/** A frame as cameras give it: brightness of each pixel, and colour of each four. */
function cameraFrame(options: object = {}): VideoFrame {
  const bytes = Uint8Array.from({ length: 24 * 16 * 1.5 }, (_, index) => 16 + ((index * 37) % 220))
  return new VideoFrame(bytes, { format: 'I420', codedWidth: 24, codedHeight: 16, timestamp: 0, ...options })
}

it.each([
  ['at its own size', {}, 0],
  ['a part of it', { visibleRect: { x: 2, y: 4, width: 16, height: 8 } }, 0],
  ['shown at another size', { displayWidth: 48, displayHeight: 16 }, 1],
  ['upside down', { rotation: 180 }, 1],
  ['mirrored', { flip: true }, 1],
])('reads a frame of a camera as a canvas shows it, on one only where it must: %s', async (_, options, canvases) => {
  const draw = vi.spyOn(OffscreenCanvasRenderingContext2D.prototype, 'drawImage')
  const frame = cameraFrame(options)
  const { data, width, height } = await readDrawable(frame)
  expect(draw).toHaveBeenCalledTimes(canvases)
  draw.mockRestore()
  expect([width, height]).toEqual([frame.displayWidth, frame.displayHeight])
  const context = new OffscreenCanvas(width, height).getContext('2d')!
  context.drawImage(frame, 0, 0)
  const shown = context.getImageData(0, 0, width, height).data
  frame.close()
  expect(Math.max(...data.map((value, index) => Math.abs(value - shown[index]!)))).toBeLessThanOrEqual(2)
})

it('says what is wrong with an element that shows nothing', async () => {
  await expect(readDrawable(new Image())).rejects.toThrow('got: 0 x 0')
  await expect(readDrawable(document.createElement('video'))).rejects.toThrow('got: 0 x 0')
})
