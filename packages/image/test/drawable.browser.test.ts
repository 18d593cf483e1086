import { expect, it, vi } from 'vitest'
import { decode, decodeRows } from '../src/decode.js'
import { openDrawable, readDrawable } from '../src/drawable.js'
import type { PictureRows } from '../src/rows.js'
import pictures from './goldens/pictures.json' with { type: 'json' }

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
])('opens a frame of a camera as a canvas shows it, on one only where it must: %s', async (_, options, canvases) => {
  const draw = vi.spyOn(OffscreenCanvasRenderingContext2D.prototype, 'drawImage')
  const frame = cameraFrame(options)
  const rows = await openDrawable(frame)
  expect(draw).toHaveBeenCalledTimes(canvases)
  draw.mockRestore()
  const shown = readDrawable(frame)
  frame.close()
  expect([rows.width, rows.height]).toEqual([shown.width, shown.height])
  const { data } = rows.read(0, rows.height)
  expect(Math.max(...data.map((value, index) => Math.abs(value - shown.data[index]!)))).toBeLessThanOrEqual(2)
})

it('says what is wrong with an element that shows nothing', () => {
  expect(() => readDrawable(new Image())).toThrow('got: 0 x 0')
  expect(() => readDrawable(document.createElement('video'))).toThrow('got: 0 x 0')
})

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))

/** All bytes, read one row at a time. */
function byRow(rows: PictureRows): number[] {
  return Array.from({ length: rows.height }, (_, row) => [...rows.read(row, 1).data]).flat()
}

it.each([...pictures.cases, pictures.alpha, pictures.cmyk])('reads a file by rows as it does whole: $name', async ({ file }) => {
  const { data, width, height } = await decode(bytesOf(file))
  const rows = await decodeRows(bytesOf(file))
  expect([rows.width, rows.height]).toEqual([width, height])
  expect(byRow(rows)).toEqual([...data])
  rows.close()
  expect(() => rows.read(0, 1)).toThrow('cannot be read')
})

it('opens whatever a browser draws, with the pixels that it had at the call', async () => {
  for (const [name, drawable] of await drawables()) {
    const { data } = readDrawable(drawable)
    const opening = openDrawable(drawable)
    if (drawable instanceof HTMLImageElement) drawable.src = ''
    else if ('getContext' in drawable) drawable.width = 1
    else if ('close' in drawable) drawable.close()
    const rows = await opening
    expect([rows.width, rows.height], name).toEqual([5, 3])
    expect(byRow(rows), name).toEqual([...data])
  }
  await expect(openDrawable(new Image())).rejects.toThrow('got: 0 x 0')
})

/** A JPEG of 8 x 8 pixels (200, 100, 50), by sharp's `withIccProfile('p3')`. */
const displayP3 =
  '/9j/4gHwSUNDX1BST0ZJTEUAAQEAAAHgbGNtcwQgAABtbnRyUkdCIFhZWiAH4gADABQACQAOAB1hY3NwTVNGVAAAAABzYXdzY3RybAAAAAAAAAAAAAAAAAAA9tYAAQAAAADTLWhhbmSC4qhyi4o/9yU+uZLuJNauAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAApkZXNjAAAA/AAAACRjcHJ0AAABIAAAACJ3dHB0AAABRAAAABRjaGFkAAABWAAAACxyWFlaAAABhAAAABRnWFlaAAABmAAAABRiWFlaAAABrAAAABRyVFJDAAABwAAAACBnVFJDAAABwAAAACBiVFJDAAABwAAAACBtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUAAzAENtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAYAAAAcAEMAQwAwAABYWVogAAAAAAAA9tYAAQAAAADTLXNmMzIAAAAAAAEMQgAABd7///MlAAAHkwAA/ZD///uh///+TgAAA5oAAMAUWFlaIAAAAAAAAIPfAAA9vwAAAABYWVogAAAAAAAASr8AALE3AAAKtVhZWiAAAAAAAAAoOAAAEQoAAMh4cGFyYQAAAAAAAwAAAAJmaQAA8qcAAA1ZAAAT0AAAClv/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAIAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAACP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/AIwBzLB//9k='

it('ignores the colour profile of a JPEG, which the browser would apply', async () => {
  const bitmap = await createImageBitmap(new Blob([bytesOf(displayP3) as Uint8Array<ArrayBuffer>]))
  expect([...readDrawable(bitmap).data.subarray(0, 3)]).not.toEqual([200, 100, 50])
  const stored = await createImageBitmap(new Blob([bytesOf(displayP3) as Uint8Array<ArrayBuffer>]), {
    colorSpaceConversion: 'none',
  })
  expect([...(await decode(bytesOf(displayP3))).data]).toEqual([...readDrawable(stored).data])
})
