import { type Box, type Geometry, MobileNetV2Error, type PictureRoute, type Preprocessing, type Size } from '@mobilenetv2/spec'

type Route = Pick<PictureRoute, 'box' | 'size' | 'window'>
type ShorterSide = Extract<Geometry, { kind: 'shorterSide' }>

/** How the longer side (`length`) and half of the crop's margin (`offset`) become whole pixels. */
const roundings: Readonly<Record<ShorterSide['rounding'], { length(value: number): number; offset(margin: number): number }>> = {
  torchvision: {
    length: Math.floor,
    offset: (margin) => {
      const floor = Math.floor(margin / 2)
      return margin % 2 === 0 || floor % 2 === 0 ? floor : floor + 1
    },
  },
  nearest: { length: Math.round, offset: (margin) => Math.floor(margin / 2) },
}

function shorterSide(picture: Size, input: Size, { size: short, rounding }: ShorterSide): Route {
  if (!Number.isInteger(short) || short < Math.max(input.height, input.width)) {
    throw new MobileNetV2Error('OPTION', "The shorter side does not cover the model's input.", {
      where: 'geometry.size of the preprocessing',
      expected: `an integer, at least ${Math.max(input.height, input.width)}`,
      got: String(short),
    })
  }
  const { length, offset } = roundings[rounding]
  const scaled = (extent: number, other: number): number => (extent <= other ? short : length((short * extent) / other))
  const size = { height: scaled(picture.height, picture.width), width: scaled(picture.width, picture.height) }
  return {
    box: { left: 0, top: 0, ...picture },
    size,
    window: { left: offset(size.width - input.width), top: offset(size.height - input.height), ...input },
  }
}

function central(picture: Size, fraction: number): Box {
  if (!(fraction > 0 && fraction <= 1)) {
    throw new MobileNetV2Error('OPTION', 'The central fraction is out of range.', {
      where: 'geometry.fraction of the preprocessing',
      expected: 'a number above 0, at most 1',
      got: String(fraction),
    })
  }
  const margin = (extent: number): number => Math.floor((extent - extent * fraction) / 2)
  const left = margin(picture.width)
  const top = margin(picture.height)
  return { left, top, width: picture.width - 2 * left, height: picture.height - 2 * top }
}

/** The box, the size and the window of a geometry. `centralFraction` is rounded as `tf.image.central_crop` does. */
function routeOf(geometry: Geometry, picture: Size, input: Size): Route {
  const window = { left: 0, top: 0, ...input }
  switch (geometry.kind) {
    case 'shorterSide':
      return shorterSide(picture, input, geometry)
    case 'stretch':
      return { box: { left: 0, top: 0, ...picture }, size: input, window }
    case 'centralFraction':
      return { box: central(picture, geometry.fraction), size: input, window }
    default:
      return geometry satisfies never
  }
}

/**
 * How a picture of one size becomes a model's input of another: the box of the picture that is resized, the size it is resized to, and the
 * window of the result that is the input. The WebGPU backend takes a route with a picture that the browser holds: `{ source, route }`.
 * @param preprocessing how the network prepares pictures, such as `network.preprocessing` of `readNetwork`
 * @param picture the size of the picture in its own pixels
 * @param input the size of the model's input, such as `architecture.input`
 * @throws MobileNetV2Error `OPTION` if the geometry's `size` is less than a side of the input, or its `fraction` is not above 0 and at most
 * 1
 * @example
 * ```ts
 * import { pictureRoute } from '@mobilenetv2/image'
 *
 * const geometry = { kind: 'shorterSide', size: 256, rounding: 'torchvision' } as const
 * const recipe = { geometry, interpolation: 'bilinear', mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const
 * const route = pictureRoute(recipe, { height: 480, width: 640 }, { height: 224, width: 224 })
 * route.window // => { left: 58, top: 16, height: 224, width: 224 }
 * ```
 */
export function pictureRoute(
  { geometry, interpolation, mean, deviation }: Preprocessing,
  picture: Size,
  input: Size,
): PictureRoute {
  const sizeOf = ({ height, width }: Size): Size => ({ height, width })
  return { ...routeOf(geometry, sizeOf(picture), sizeOf(input)), interpolation, mean, deviation }
}
