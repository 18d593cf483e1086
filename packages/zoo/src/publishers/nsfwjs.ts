import type { PackageLocation, ZooEntry } from '../entry.js'

export type NsfwjsId = 'nsfw-1.4-224' | 'nsfw-1.0-224'

function location(model: PackageLocation['model']): PackageLocation {
  return { kind: 'npm', package: 'nsfwjs', version: '4.4.0', model }
}

const shared = {
  publisher: 'nsfwjs',
  licence: 'MIT',
  naming: 'structural',
  weights: 'uint8',
  labels: 'nsfwjs',
  published: null,
  measured: null,
} as const

/** The trained MobileNetV2s in the npm package nsfwjs, which stretches pictures and gives values from 0 to 1 (its `core.ts`). */
export const nsfwjsEntries: readonly ZooEntry[] = [
  {
    ...shared,
    id: 'nsfw-1.4-224',
    note: 'drawing, hentai, neutral, porn, sexy',
    location: location('mobilenet_v2_mid'),
    options: { widthMultiplier: 1.4, classes: 5, padding: 'same' },
  },
  {
    ...shared,
    id: 'nsfw-1.0-224',
    note: 'drawing, hentai, neutral, porn, sexy; two hidden dense layers',
    location: location('mobilenet_v2'),
    options: {
      classes: 5,
      padding: 'same',
      headLayers: [
        { units: 256, activation: 'relu' },
        { units: 128, activation: 'relu' },
      ],
    },
    preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinearAlignCorners', mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
]
