import { type Global, MobileNetV2Error, type PictureRoute, type Size } from '@mobilenetv2/spec'

/** What a browser holds of a picture, as `GPUQueue.copyExternalImageToTexture` takes it. */
export type HeldPicture = Global<
  'ImageBitmap' | 'ImageData' | 'HTMLImageElement' | 'HTMLVideoElement' | 'VideoFrame' | 'HTMLCanvasElement' | 'OffscreenCanvas'
>

/**
 * A picture that a browser holds, and its route to a model's input: that of `pictureRoute` of `@mobilenetv2/image`. Its pixels never leave
 * the device. Alpha is dropped: what is transparent is to be drawn on a colour first.
 */
export interface DevicePicture {
  readonly source: HeldPicture
  readonly route: PictureRoute
}

/** Width and height of what a browser holds, in pixels. */
export function sizeOfSource(source: HeldPicture): Size {
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
export function checkPicture({ source, route: { box, window } }: DevicePicture, input: Size, mostSide: number): void {
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
