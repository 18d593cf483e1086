import type { ZooEntry } from '../entry.js'
import { type SlimName, slimNetworks } from './slim-accuracy.js'

/** The networks of TF-slim's table that Google publishes on Hugging Face. */
type Name = Extract<SlimName, '1.4-224' | '1.0-224' | '0.75-160' | '0.35-96'>

export type HuggingFaceId = `hf-${Name}`

/** SHA-256 of the files, where one is known. */
const hashes: Readonly<Record<Name, string | null>> = {
  '1.4-224': null,
  '1.0-224': '94f61c6902b411e6b730cfe2443c8b2d983a2d50d289c4bd7083e0583ccdfe76',
  '0.75-160': null,
  '0.35-96': null,
}

function isPublished(name: SlimName): name is Name {
  return name in hashes
}

/** google/mobilenet_v2_* of Hugging Face: the weights of TF-slim as safetensors. All files are called model.safetensors. */
export const huggingFaceEntries: readonly ZooEntry[] = slimNetworks.flatMap(({ name, alpha, size, top1, top5 }) => {
  if (!isPublished(name)) return []
  const repository = `mobilenet_v2_${alpha}_${size}`
  return {
    id: `hf-${name}`,
    publisher: 'Google on Hugging Face',
    location: {
      kind: 'file',
      name: `${repository}.safetensors`,
      urls: [`https://huggingface.co/google/${repository}/resolve/main/model.safetensors`],
      bytes: null,
      sha256: hashes[name],
    },
    licence: 'other',
    options: { widthMultiplier: Number(alpha), height: size, width: size, classes: 1001, padding: 'same' },
    naming: 'huggingface',
    weights: 'float32',
    labels: 'imagenet',
    published: { top1, top5 },
    measured: null,
  }
})
