import { type MobileNetV2Options, mobileNetV2Table } from '@mobilenetv2/spec'
import type { ZooEntry } from '../entry.js'

/**
 * The options of timm's "d" models (`_gen_mobilenet_v2` with `fix_stem_head` in timm/models/efficientnet.py). All rows except the first and
 * the last have more repetitions. The first and the last convolution have the channels of width 1.
 */
function deeper(widthMultiplier: number, depth: number): MobileNetV2Options {
  const last = mobileNetV2Table.length - 1
  return {
    widthMultiplier,
    table: mobileNetV2Table.map(([t, c, n, s], row) => [t, c, row === 0 || row === last ? n : Math.ceil(n * depth), s]),
    stemChannels: 32,
    headChannels: 1280,
  }
}

interface Model {
  readonly recipe: 'lamb_in1k' | 'ra_in1k'
  readonly options: MobileNetV2Options
  readonly top1: number
  readonly sha256: string | null
}

const names = ['140', '120d', '110d', '100', '050'] as const

type Name = (typeof names)[number]

export type TimmId = `timm-${Name}`

const models: Readonly<Record<Name, Model>> = {
  '140': { recipe: 'ra_in1k', options: { widthMultiplier: 1.4 }, top1: 76.528, sha256: null },
  '120d': { recipe: 'ra_in1k', options: deeper(1.2, 1.4), top1: 77.3, sha256: null },
  '110d': {
    recipe: 'ra_in1k',
    options: deeper(1.1, 1.2),
    top1: 75.056,
    sha256: 'feaa9d38a81f31493434916f700d1f752ec5bb70d5903fd08d3278ec0ca7cc0b',
  },
  '100': {
    recipe: 'ra_in1k',
    options: {},
    top1: 72.91,
    sha256: '55ea4fb3a96010b933710ebf44fc965b070d5cd054d3f35e44f2d1320b4a714e',
  },
  '050': { recipe: 'lamb_in1k', options: { widthMultiplier: 0.5 }, top1: 65.928, sha256: null },
}

function entry(name: Name): ZooEntry {
  const { recipe, options, top1, sha256 } = models[name]
  const repository = `mobilenetv2_${name}.${recipe}`
  return {
    id: `timm-${name}`,
    publisher: 'timm',
    ...(name.endsWith('d') && { note: 'deeper' }),
    location: {
      kind: 'file',
      name: `${repository}.safetensors`,
      urls: [`https://huggingface.co/timm/${repository}/resolve/main/model.safetensors`],
      bytes: null,
      sha256,
    },
    licence: 'Apache-2.0',
    options,
    naming: 'timm',
    weights: 'float32',
    labels: 'imagenet',
    published: { top1, top5: null },
    measured: null,
  }
}

/**
 * The MobileNetV2 models of timm, the widest first. All files are called model.safetensors, so here they have the names of their
 * repositories.
 */
export const timmEntries: readonly ZooEntry[] = names.map(entry)
