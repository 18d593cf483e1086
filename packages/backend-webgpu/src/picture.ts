import { type Global, type Interpolation, MobileNetV2Error } from '@mobilenetv2/spec'

/** A rectangle in pixels, from the top left corner. */
export interface Rectangle {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/**
 * The way from a picture to a model's input, as `@mobilenetv2/image` works it out of a recipe: `box` of the picture (fractions of
 * pixels allowed) is resized to `size`, and of that `window`, as large as the model's input, is taken;
 * input = (level / 255 - mean) / deviation.
 */
export interface PictureRoute {
  readonly box: Rectangle
  readonly size: { readonly width: number; readonly height: number }
  readonly window: Rectangle
  readonly interpolation: Interpolation
  readonly mean: readonly [number, number, number]
  readonly deviation: readonly [number, number, number]
}

/** What a browser holds of a picture, as `GPUQueue.copyExternalImageToTexture` takes it. */
export type HeldPicture = Global<
  'ImageBitmap' | 'ImageData' | 'HTMLImageElement' | 'HTMLVideoElement' | 'VideoFrame' | 'HTMLCanvasElement' | 'OffscreenCanvas'
>

/** A picture that a browser holds, and its way to a model's input. It never leaves the device. */
export interface DevicePicture {
  readonly source: HeldPicture
  readonly route: PictureRoute
}

/** Width and height of what a browser holds, in pixels. */
export function sizeOfSource(source: HeldPicture): { width: number; height: number } {
  if ('videoWidth' in source) return { width: source.videoWidth, height: source.videoHeight }
  if ('naturalWidth' in source) return { width: source.naturalWidth, height: source.naturalHeight }
  if ('displayWidth' in source) return { width: source.displayWidth, height: source.displayHeight }
  return { width: source.width, height: source.height }
}

/**
 * Checks a picture against what a model takes and a device holds.
 * @throws MobileNetV2Error `IMAGE` where it is empty, too large, or does not hold its box; `INPUT` where its window is of another size
 * than the model's input.
 */
export function checkPicture(
  { source, route: { box, window } }: DevicePicture,
  input: { readonly width: number; readonly height: number },
  mostSide: number,
): void {
  const { width, height } = sizeOfSource(source)
  const sides = `${width} x ${height}`
  if (!(width >= 1 && height >= 1 && width <= mostSide && height <= mostSide)) {
    throw new MobileNetV2Error('IMAGE', 'A picture has no pixels yet, or sides that the device does not hold.', {
      expected: `sides from 1 to ${mostSide} pixels`,
      got: sides,
    })
  }
  const isInside = box.left >= 0 && box.top >= 0 && box.left + box.width <= width && box.top + box.height <= height
  if (!isInside || !(box.width > 0 && box.height > 0)) {
    throw new MobileNetV2Error('IMAGE', 'A route goes beyond its picture.', {
      expected: `a box inside of ${sides}`,
      got: `left ${box.left}, top ${box.top}, width ${box.width}, height ${box.height}`,
    })
  }
  if (window.width === input.width && window.height === input.height) return
  throw new MobileNetV2Error('INPUT', "A route's window is not as large as the model's input.", {
    expected: `${input.width} x ${input.height}`,
    got: `${window.width} x ${window.height}`,
  })
}
