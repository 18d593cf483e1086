import { type Picture, preprocess } from '@mobilenetv2/image'
import { defineMobileNetV2, MobileNetV2Error, type Preprocessing } from '@mobilenetv2/spec'
import { seededParameters, seededValues } from '@mobilenetv2/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PictureRoute, webgpu } from '../src/index.js'
import { createPictureLoader, type PictureLoader } from '../src/runtime/picture-loader.js'
import { countedDevice } from './support/counted-device.js'

const mean = [0.485, 0.456, 0.406] as const
const deviation = [0.229, 0.224, 0.225] as const

let device: GPUDevice
let loader: PictureLoader
beforeAll(async () => {
  ;({ device } = await countedDevice())
  loader = createPictureLoader(device)
})
afterAll(() => {
  loader.dispose()
  device.destroy()
})

/** A picture with edges, noise and slopes, opaque. */
function drawn(width: number, height: number): Picture & { data: Uint8ClampedArray<ArrayBuffer> } {
  const noise = seededValues('noise', width * height * 3, 0, 255)
  const data = new Uint8ClampedArray(width * height * 4)
  for (let pixel = 0; pixel < width * height; pixel++) {
    const x = pixel % width
    const y = Math.floor(pixel / width)
    const isEdge = (x >> 4) % 2 === (y >> 4) % 2
    for (let channel = 0; channel < 3; channel++) {
      const slope = (255 * (channel === 0 ? x / width : y / height)) | 0
      data[4 * pixel + channel] = isEdge ? slope : noise[3 * pixel + channel]!
    }
    data[4 * pixel + 3] = 255
  }
  return { data, width, height, channels: 4 }
}

/** What the loader writes into a model's input. */
async function loaded(source: GPUCopyExternalImageSource, route: PictureRoute): Promise<Float32Array> {
  const { width, height } = route.window
  const size = width * height * 3 * 4
  const target = device.createBuffer({ size, usage: 0x80 | 0x4 })
  const readBack = device.createBuffer({ size, usage: 0x8 | 1 })
  const record = await loader.prepare({ source, route })
  const encoder = device.createCommandEncoder()
  record(encoder, target)
  encoder.copyBufferToBuffer(target, 0, readBack, 0, size)
  device.queue.submit([encoder.finish()])
  await readBack.mapAsync(1)
  const values = new Float32Array(readBack.getMappedRange()).slice()
  target.destroy()
  readBack.destroy()
  return values
}

/** The largest difference in levels of 255. */
function levelsApart(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length)
  return actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!) * deviation[i % 3]! * 255), 0)
}

const whole = (width: number, height: number) => ({ left: 0, top: 0, width, height })
const interpolations = ['bilinear', 'bicubic', 'bilinearAlignCorners'] as const

describe.each(interpolations)('a picture on the device, %s', (interpolation) => {
  const cases: readonly {
    readonly title: string
    readonly picture: readonly [width: number, height: number]
    readonly input: { readonly width: number; readonly height: number }
    readonly geometry: Preprocessing['geometry']
    readonly route: Pick<PictureRoute, 'box' | 'size' | 'window'>
  }[] = [
    {
      title: 'stretched to less',
      picture: [301, 203],
      input: { width: 64, height: 48 },
      geometry: { kind: 'stretch' },
      route: { box: whole(301, 203), size: { width: 64, height: 48 }, window: whole(64, 48) },
    },
    {
      title: 'stretched to more',
      picture: [33, 21],
      input: { width: 64, height: 80 },
      geometry: { kind: 'stretch' },
      route: { box: whole(33, 21), size: { width: 64, height: 80 }, window: whole(64, 80) },
    },
    {
      title: 'by its shorter side, the centre of it',
      picture: [640, 427],
      input: { width: 224, height: 224 },
      geometry: { kind: 'shorterSide', size: 256, rounding: 'torchvision' },
      route: { box: whole(640, 427), size: { width: 383, height: 256 }, window: { left: 80, top: 16, width: 224, height: 224 } },
    },
    {
      title: 'the central part of it',
      picture: [400, 300],
      input: { width: 96, height: 96 },
      geometry: { kind: 'centralFraction', fraction: 0.875 },
      route: { box: { left: 25, top: 18, width: 350, height: 264 }, size: { width: 96, height: 96 }, window: whole(96, 96) },
    },
  ]

  it.each(cases)(
    '$title: within one level of 255 of packages/image',
    async ({ picture: [width, height], input, geometry, route }) => {
      const picture = drawn(width, height)
      const recipe = { geometry, interpolation, mean, deviation }
      const source = await createImageBitmap(new ImageData(picture.data, width, height))
      const actual = await loaded(source, { ...route, interpolation, mean, deviation })
      expect(levelsApart(actual, preprocess(picture, recipe, input))).toBeLessThan(1.01)
    },
  )
})

describe('a picture on the device', () => {
  const picture = drawn(120, 90)
  const route = {
    box: whole(120, 90),
    size: { width: 32, height: 32 },
    window: whole(32, 32),
    interpolation: 'bilinear',
    mean,
    deviation,
  } as const

  it('may be a bitmap, a canvas, image data or a frame of a video, and gives the same classes', async () => {
    const table = [[2, 8, 2, 2]] as const
    const architecture = defineMobileNetV2({ table, stemChannels: 8, headChannels: 16, height: 32, width: 32, classes: 10 })
    using model = await webgpu().compile(architecture, seededParameters(architecture))
    const data = new ImageData(picture.data, 120, 90)
    const canvas = new OffscreenCanvas(120, 90)
    canvas.getContext('2d')!.putImageData(data, 0, 0)
    const onPage = document.createElement('canvas')
    Object.assign(onPage, { width: 120, height: 90 })
    onPage.getContext('2d')!.putImageData(data, 0, 0)
    const frame = new VideoFrame(canvas, { timestamp: 0 })
    const { logits } = await model.run({ source: await createImageBitmap(data), route })
    const [best] = await model.top({ source: canvas, route }, 1)
    expect(logits[best!.index]).toBe(Math.max(...logits))
    for (const source of [data, canvas, onPage, await createImageBitmap(frame)]) {
      expect((await model.run({ source, route })).logits).toEqual(logits)
    }
    // A software adapter cannot take the frame itself: then the error says what can be done.
    const ofFrame = await model.run({ source: frame, route }).catch((error: unknown) => error)
    if (ofFrame instanceof MobileNetV2Error)
      expect(ofFrame).toMatchObject({ code: 'IMAGE', message: expect.stringMatching(/createImageBitmap/) })
    else expect(ofFrame).toEqual({ logits })
    frame.close()
    expect((await model.run({ source: data, route })).logits).toEqual(logits)
  })

  it('is refused if it has no pixels, or if its route goes beyond it or to another size', async () => {
    const table = [[2, 8, 2, 2]] as const
    const architecture = defineMobileNetV2({ table, stemChannels: 8, headChannels: 16, height: 32, width: 32, classes: 10 })
    using model = await webgpu().compile(architecture, seededParameters(architecture))
    const source = await createImageBitmap(new ImageData(picture.data, 120, 90))
    const refused = (wrong: Partial<PictureRoute>, from: GPUCopyExternalImageSource = source) =>
      expect(model.run({ source: from, route: { ...route, ...wrong } })).rejects
    await refused({ box: whole(121, 90) }).toMatchObject({ code: 'IMAGE' })
    await refused({}, document.createElement('video')).toMatchObject({ code: 'IMAGE' })
    await refused({ window: whole(31, 32) }).toMatchObject({ code: 'INPUT' })
    await expect(model.run({ source, route }, { batch: 2 })).rejects.toMatchObject({ code: 'INPUT' })
  })
})
