import { defineMobileNetV2, type MobileNetV2Options } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import type { EmbeddingNetwork } from '../src/index.js'

/** A network with embeddings of 16 numbers and weights of a seed. */
export function smallNetwork(options: MobileNetV2Options = {}): EmbeddingNetwork {
  const architecture = defineMobileNetV2({ widthMultiplier: 0.1, height: 32, width: 32, classes: 3, headChannels: 16, ...options })
  return {
    architecture,
    parameters: seededParameters(architecture),
    preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [1, 1, 1] },
    source: { file: 'small.safetensors', format: 'safetensors', naming: 'mobilenetv2' },
  }
}
