import type { ZooEntry } from '../entry.js'

export type NsfwjsId = 'nsfw-1.4-224'

/** The trained MobileNetV2 that an npm package carries (nsfwjs, `mobilenet_v2_mid`). */
export const nsfwjsEntries: readonly ZooEntry[] = [
  {
    id: 'nsfw-1.4-224',
    publisher: 'nsfwjs',
    note: 'drawing, hentai, neutral, porn, sexy',
    location: { kind: 'npm', package: 'nsfwjs', version: '4.4.0' },
    licence: 'MIT',
    options: { widthMultiplier: 1.4, classes: 5, padding: 'same' },
    naming: 'structural',
    weights: 'uint8',
    labels: 'nsfwjs',
    published: null,
    measured: null,
  },
]
