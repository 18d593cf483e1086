import { expect, it, vi } from 'vitest'
import type { Colour } from '../src/background.js'
import { decode, decodeRows } from '../src/decode.js'
import { type Drawable, openDrawable } from '../src/drawable.js'
import { decodeFrames } from '../src/frames.js'
import type { Picture } from '../src/picture.js'
import type { PictureRows } from '../src/rows.js'
import pictures from './goldens/pictures.json' with { type: 'json' }

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))

function drawn(width: number, height: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')!
  context.fillStyle = 'rgb(200, 100, 50)'
  context.fillRect(0, 0, width, height)
  context.fillStyle = 'rgb(0, 0, 255)'
  context.fillRect(0, 0, 1, 1)
  return canvas
}

async function read(drawable: Drawable, background?: Colour): Promise<Picture> {
  const rows = await openDrawable(drawable, background)
  const picture = rows.read(0, rows.height)
  rows.close()
  return picture
}

/** Every kind of element and object that draws, with the same pixels. */
async function drawables(): Promise<[string, Drawable][]> {
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
    const { data, width, height, channels } = await read(drawable)
    expect([width, height, channels, data.length], name).toEqual([5, 3, 4, 60])
    expect([...data.subarray(0, 8)], name).toEqual([0, 0, 255, 255, 200, 100, 50, 255])
  }
})

/** A frame as cameras give it: brightness of each pixel, and colour of each four pixels. */
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
])('opens a frame of a camera with the pixels of a canvas, and uses a canvas only if it must: %s', async (_, options, canvases) => {
  const draw = vi.spyOn(OffscreenCanvasRenderingContext2D.prototype, 'drawImage')
  const frame = cameraFrame(options)
  const rows = await openDrawable(frame)
  expect(draw).toHaveBeenCalledTimes(canvases)
  draw.mockRestore()
  const shown = await read(await createImageBitmap(frame))
  frame.close()
  expect([rows.width, rows.height]).toEqual([shown.width, shown.height])
  const { data } = rows.read(0, rows.height)
  expect(Math.max(...data.map((value, index) => Math.abs(value - shown.data[index]!)))).toBeLessThanOrEqual(2)
})

const broken = async (): Promise<HTMLImageElement> => {
  const image = new Image()
  image.src = 'data:image/png;base64,AAAA'
  await image.decode().catch(() => {})
  return image
}
const closedBitmap = async (): Promise<ImageBitmap> => {
  const bitmap = await createImageBitmap(drawn(5, 3))
  bitmap.close()
  return bitmap
}
const closedFrame = (): VideoFrame => {
  const frame = cameraFrame()
  frame.close()
  return frame
}

it.each<[string, () => Drawable | Promise<Drawable>, string]>([
  ['an image that is not loaded', () => new Image(), 'await image.decode()'],
  ['an image that cannot be loaded', broken, 'Check its src'],
  ['a video without a frame', () => document.createElement('video'), 'loadeddata'],
  ['a closed bitmap', closedBitmap, 'Close a bitmap only after'],
  ['a closed frame', closedFrame, 'Close a frame only after'],
  ['a canvas without pixels', () => new OffscreenCanvas(0, 5), 'Give the canvas a width'],
])('says what to do about %s', async (_, make, remedy) => {
  const details = { got: expect.stringMatching(/^0 x [05]: /), remedy: expect.stringContaining(remedy) }
  await expect(openDrawable(await make())).rejects.toMatchObject({ code: 'IMAGE', details })
})

it('refuses a video that knows its size and has no frame yet', async () => {
  const video = document.createElement('video')
  Object.defineProperties(video, { videoWidth: { value: 9 }, videoHeight: { value: 9 } })
  await expect(openDrawable(video)).rejects.toMatchObject({ details: { got: '0 x 0: a video without a frame (readyState 0)' } })
})

it('says that a picture of another site may not be read', async () => {
  const security = vi.spyOn(OffscreenCanvasRenderingContext2D.prototype, 'getImageData').mockImplementation(() => {
    throw new DOMException('The canvas has been tainted by cross-origin data.', 'SecurityError')
  })
  await expect(openDrawable(drawn(5, 3))).rejects.toMatchObject({
    code: 'IMAGE',
    message: expect.stringContaining('CORS'),
    details: { remedy: expect.stringContaining('crossOrigin') },
  })
  security.mockRestore()
})

it.each(['createImageBitmap', 'OffscreenCanvas'])('names %s where the engine has none', async (name) => {
  const image = new Image()
  image.src = URL.createObjectURL(await drawn(5, 3).convertToBlob())
  await image.decode()
  const held = Object.getOwnPropertyDescriptor(globalThis, name)!
  try {
    Reflect.deleteProperty(globalThis, name)
    const error = { code: 'IMAGE', details: { got: `${name} is not defined` } }
    await expect(openDrawable(image)).rejects.toMatchObject(error)
    await expect(decode(bytesOf(pictures.cmyk[0]!.file))).rejects.toMatchObject(error)
  } finally {
    Object.defineProperty(globalThis, name, held)
  }
})

it('names ImageDecoder where the engine has none', async () => {
  const held = Object.getOwnPropertyDescriptor(globalThis, 'ImageDecoder')!
  try {
    Reflect.deleteProperty(globalThis, 'ImageDecoder')
    const frames = decodeFrames(bytesOf(pictures.animated[0]!.file))
    await expect(frames.next()).rejects.toMatchObject({ code: 'IMAGE', details: { got: 'ImageDecoder is not defined' } })
  } finally {
    Object.defineProperty(globalThis, 'ImageDecoder', held)
  }
})

it('lays whatever a browser draws on white, or on the colour given, within 1', async () => {
  const pixels = Uint8ClampedArray.of(200, 100, 50, 255, 200, 100, 50, 128, 0, 0, 0, 0)
  const canvas = new OffscreenCanvas(3, 1)
  canvas.getContext('2d')!.putImageData(new ImageData(pixels, 3, 1), 0, 0)
  const image = new Image()
  image.src = URL.createObjectURL(await canvas.convertToBlob())
  await image.decode()
  const frame = new VideoFrame(canvas, { timestamp: 0 })
  const near = (level: number): unknown => expect.closeTo(level, -0.4)
  for (const drawable of [canvas, image, await createImageBitmap(canvas), frame]) {
    const onWhite = [200, 100, 50, 255, near(227), near(177), near(152), 255, 255, 255, 255, 255]
    expect([...(await read(drawable)).data]).toEqual(onWhite)
    const onColour = [200, 100, 50, 255, near(105), near(150), near(63), 255, 10, 200, 77, 255]
    expect([...(await read(drawable, [10, 200, 77])).data]).toEqual(onColour)
  }
  frame.close()
})

it('converts a canvas of display-p3 to sRGB', async () => {
  const canvas = new OffscreenCanvas(2, 1)
  const context = canvas.getContext('2d', { colorSpace: 'display-p3' })!
  context.fillStyle = 'rgb(200, 100, 50)'
  context.fillRect(0, 0, 2, 1)
  expect([...(await read(canvas)).data.subarray(0, 3)]).toEqual([200, 100, 50])
})

/** All bytes, read one row at a time. */
function byRow(rows: PictureRows): number[] {
  return Array.from({ length: rows.height }, (_, row) => [...rows.read(row, 1).data]).flat()
}

it.each([...pictures.cases, ...pictures.transparent, ...pictures.cmyk])(
  'reads a file by rows as it does whole: $name',
  async ({ name, file }) => {
    const { data, width, height } = await decode(bytesOf(file))
    const rows = await decodeRows(bytesOf(file))
    expect([rows.width, rows.height]).toEqual([width, height])
    expect(byRow(rows)).toEqual([...data])
    rows.close()
    // Rows that this project turned are no bitmap any more, and stay readable.
    if (!name.startsWith('WebP of EXIF')) expect(() => rows.read(0, 1)).toThrow('cannot be read')
  },
)

it('opens whatever a browser draws, with the pixels that it had at the call', async () => {
  for (const [name, drawable] of await drawables()) {
    const { data } = await read(drawable)
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
  expect([...(await read(bitmap)).data.subarray(0, 3)]).not.toEqual([200, 100, 50])
  const stored = await createImageBitmap(new Blob([bytesOf(displayP3) as Uint8Array<ArrayBuffer>]), {
    colorSpaceConversion: 'none',
  })
  expect([...(await decode(bytesOf(displayP3))).data]).toEqual([...(await read(stored)).data])
})
