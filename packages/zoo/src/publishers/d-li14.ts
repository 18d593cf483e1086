import type { MobileNetV2Options } from '@mobilenetv2/spec'
import type { ZooEntry } from '../entry.js'
import { shorterSide } from './geometries.js'

/** From the tables of the repository's README: the end of the file's name, after `mobilenetv2_`; top-1 and top-5 in percent. */
const files = {
  '1.0-224': ['1.0-0c6065bc', 72.192, 90.534],
  '1.0-192': ['192x192-e423d99e', 71.076, 89.76],
  '1.0-160': ['160x160-64dc7fa1', 69.504, 88.848],
  '1.0-128': ['128x128-fd66a69d', 66.74, 86.952],
  '1.0-96': ['96x96-ff0e83d8', 62.696, 84.046],
  '0.75-224': ['0.75-dace9791', 69.952, 88.986],
  '0.5-224': ['0.5-eaa6f9ad', 64.592, 85.392],
  '0.35-224': ['0.35-b2e15951', 60.092, 82.172],
  '0.25-224': ['0.25-b61d2159', 52.352, 75.932],
  '0.1-224': ['0.1-7d1d638a', 34.896, 56.564],
} as const

type Name = keyof typeof files

export type DLi14Id = `d-li14-${Name}`

function optionsOf(widthMultiplier: number, size: number): MobileNetV2Options {
  return {
    widthMultiplier,
    height: size,
    width: size,
    // models/imagenet/mobilenetv2.py rounds channels to multiples of 4 at this width only.
    ...(widthMultiplier === 0.1 && { channelDivisor: 4 }),
  }
}

function entry(name: Name): ZooEntry {
  const [suffix, top1, top5] = files[name]
  const [widthMultiplier, size] = name.split('-').map(Number) as [number, number]
  const file = `mobilenetv2_${suffix}.pth`
  return {
    id: `d-li14-${name}`,
    publisher: 'd-li14',
    location: {
      kind: 'file',
      name: file,
      urls: [`https://github.com/d-li14/mobilenetv2.pytorch/raw/master/pretrained/${file}`],
      bytes: null,
      // The name ends in eight digits like torchvision's, but the publisher does not say that they are a hash.
      sha256: null,
    },
    licence: 'Apache-2.0',
    options: optionsOf(widthMultiplier, size),
    naming: 'd-li14',
    weights: 'float32',
    labels: 'imagenet',
    // `get_pytorch_val_loader` of utils/dataloaders.py resizes the shorter side to `int(input_size / 0.875)`.
    ...(size !== 224 && { preprocessing: shorterSide(Math.floor(size / 0.875)) }),
    published: { top1, top5 },
    measured: null,
  }
}

/** The models that Duo Li trained in PyTorch (github.com/d-li14/mobilenetv2.pytorch), in the order of the README. */
export const dLi14Entries: readonly ZooEntry[] = (Object.keys(files) as Name[]).map(entry)
