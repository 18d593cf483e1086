import { type Geometry, MobileNetV2Error } from '@mobilenetv2/spec'
import type { Box, Size } from './picture.js'

/** The way from a picture to a model's input: `box` of the picture is resized to `size`, and of that `window` is taken. */
export interface Route {
  readonly box: Box
  readonly size: Size
  readonly window: Box
}

type ShorterSide = Extract<Geometry, { kind: 'shorterSide' }>

/** How a length and half of a margin become whole. */
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
    throw new MobileNetV2Error('OPTION', "A recipe's shorter side is not one that covers the model's input.", {
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
    throw new MobileNetV2Error('OPTION', "A recipe's central fraction is out of its range.", {
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

/**
 * The route of a geometry for a picture and an input of these sizes. `centralFraction` rounds as `tf.image.central_crop`.
 * @throws MobileNetV2Error `OPTION` for a shorter side below the input's sides or a fraction outside of 0 to 1.
 */
export function route(geometry: Geometry, { height, width }: Size, { height: inputHeight, width: inputWidth }: Size): Route {
  const picture = { height, width }
  const input = { height: inputHeight, width: inputWidth }
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
