import { type Global, MobileNetV2Error, type PictureRoute, type Size } from '@mobilenetv2/spec'

/** A picture of the browser, as `GPUQueue.copyExternalImageToTexture` takes it. */
export type HeldPicture = Global<
  'ImageBitmap' | 'ImageData' | 'HTMLImageElement' | 'HTMLVideoElement' | 'VideoFrame' | 'HTMLCanvasElement' | 'OffscreenCanvas'
>

/**
 * A picture of the browser, and its route to the network's input. The pixels never leave the device. Alpha is dropped, so a transparent
 * picture must be drawn on a colour first.
 */
export interface DevicePicture {
  /** The picture: an `ImageBitmap`, an element, a canvas, a `VideoFrame` or an `ImageData`. */
  readonly source: HeldPicture
  /** How the picture is cropped, resized and normalised, as `pictureRoute` of `@mobilenetv2/image` gives it. */
  readonly route: PictureRoute
}

/** The width and height of a picture of the browser, in pixels. */
export function sizeOfSource(source: HeldPicture): Size {
  if ('videoWidth' in source) return { width: source.videoWidth, height: source.videoHeight }
  if ('naturalWidth' in source) return { width: source.naturalWidth, height: source.naturalHeight }
  if ('displayWidth' in source) return { width: source.displayWidth, height: source.displayHeight }
  return { width: source.width, height: source.height }
}

/**
 * Checks a picture and its route.
 * @throws MobileNetV2Error `IMAGE` if the picture is empty, is too large for the device, or does not contain the box of the route; `INPUT`
 * if the window of the route does not have the size of the network's input
 */
export function checkPicture({ source, route: { box, window } }: DevicePicture, input: Size, mostSide: number): void {
  const { width, height } = sizeOfSource(source)
  const sides = `${width} x ${height}`
  if (!(width >= 1 && height >= 1 && width <= mostSide && height <= mostSide)) {
    throw new MobileNetV2Error('IMAGE', 'A picture has no pixels yet, or is too large for the device.', {
      expected: `sides from 1 to ${mostSide} pixels`,
      got: sides,
    })
  }
  const isInside = box.left >= 0 && box.top >= 0 && box.left + box.width <= width && box.top + box.height <= height
  if (!isInside || !(box.width > 0 && box.height > 0)) {
    throw new MobileNetV2Error('IMAGE', 'The box of a route is not inside of its picture.', {
      expected: `a box inside of ${sides}`,
      got: `left ${box.left}, top ${box.top}, width ${box.width}, height ${box.height}`,
    })
  }
  if (window.width === input.width && window.height === input.height) return
  throw new MobileNetV2Error('INPUT', "The window of a route does not have the size of the network's input.", {
    expected: `${input.width} x ${input.height}`,
    got: `${window.width} x ${window.height}`,
  })
}
