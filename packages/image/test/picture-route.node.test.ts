import type { Box, Interpolation, Preprocessing } from '@mobilenetv2/spec'
import { expectAllClose } from '@mobilenetv2/testing'
import { describe, expect, it } from 'vitest'
import { pictureRoute } from '../src/picture-route.js'
import { preprocess } from '../src/preprocess.js'
import { bytesOf, floatsOf, golden } from './goldens.js'
import { synthetic } from './synthetic.js'

type Pair = readonly [number, number]
interface CropCase {
  readonly from: Pair
  readonly shorterSide: number
  readonly crop: Pair
  readonly interpolation: Interpolation
  readonly levels: string
}
interface SizeCase {
  readonly picture: Pair
  readonly shorterSide: number
  readonly crop: number
  readonly resized: Pair
  readonly left: number
  readonly top: number
}

/** Leaves levels as they are, 0 to 255. */
const asLevels: Pick<Preprocessing, 'mean' | 'deviation'> = { mean: [0, 0, 0], deviation: [1 / 255, 1 / 255, 1 / 255] }

const torchvision = golden<{ cases: readonly CropCase[]; sizes: readonly SizeCase[] }>('torchvision-crops')

describe(`shorterSide is torchvision's Resize and CenterCrop (${torchvision.madeBy})`, () => {
  for (const { from, shorterSide, crop, interpolation, levels } of torchvision.cases) {
    it(`${interpolation}, ${from.join(' x ')}, shorter side ${shorterSide}, crop ${crop.join(' x ')}: same levels`, () => {
      const recipe: Preprocessing = {
        geometry: { kind: 'shorterSide', size: shorterSide, rounding: 'torchvision' },
        interpolation,
        ...asLevels,
      }
      const values = preprocess(synthetic('noise', ...from), recipe, { height: crop[0], width: crop[1] })
      expectAllClose(values, bytesOf(levels), { absolute: 1e-4 })
    })
  }

  it(`rounds as it does in ${torchvision.sizes.length} sizes of real recipes`, () => {
    for (const { picture, shorterSide, crop, resized, left, top } of torchvision.sizes) {
      const input = { height: crop, width: crop }
      const { size, window } = pictureRoute(
        { geometry: { kind: 'shorterSide', size: shorterSide, rounding: 'torchvision' }, interpolation: 'bilinear', ...asLevels },
        { width: picture[0], height: picture[1] },
        input,
      )
      expect({ size, window }).toEqual({
        size: { width: resized[0], height: resized[1] },
        window: { left, top, ...input },
      })
    }
  })
})

const centralCrop = golden<{ cases: readonly { picture: Pair; fraction: number; box: Box }[] }>('central-crop')

describe(`centralFraction is tf.image.central_crop (${centralCrop.madeBy})`, () => {
  it(`cuts the same box in ${centralCrop.cases.length} cases`, () => {
    for (const { picture, fraction, box } of centralCrop.cases) {
      const size = { width: picture[0], height: picture[1] }
      expect(
        pictureRoute({ geometry: { kind: 'centralFraction', fraction }, interpolation: 'bilinear', ...asLevels }, size, {
          height: 8,
          width: 8,
        }).box,
      ).toEqual(box)
    }
  })
})

const alignCorners = golden<{ cases: readonly { from: Pair; to: Pair; values: string }[] }>('align-corners')

describe(`bilinearAlignCorners is TensorFlow.js's, within 1e-6 (${alignCorners.madeBy})`, () => {
  for (const { from, to, values } of alignCorners.cases) {
    it(`${from.join(' x ')} to ${to.join(' x ')}`, () => {
      const recipe: Preprocessing = {
        geometry: { kind: 'stretch' },
        interpolation: 'bilinearAlignCorners',
        mean: [0, 0, 0],
        deviation: [1, 1, 1],
      }
      const result = preprocess(synthetic('noise', ...from), recipe, { width: to[0], height: to[1] })
      expectAllClose(result, floatsOf(values), { absolute: 1e-6 })
    })
  }
})
