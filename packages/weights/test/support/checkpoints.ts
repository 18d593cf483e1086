import { defineMobileNetV2, type MobileNetV2Options } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { type Checkpoint, readCheckpoint, type SafetensorsNetwork, toOnnx, toSafetensors } from '../../src/index.js'

/** A network of 3 classes for pictures of 64 x 64. */
export const small: MobileNetV2Options = { widthMultiplier: 0.1, headChannels: 16, classes: 3, height: 64, width: 64 }

/** A checkpoint whose graph states the size 64 x 64 and the padding `same`, and nothing of preprocessing or labels. */
export async function graphCheckpoint(): Promise<Checkpoint> {
  const architecture = defineMobileNetV2({ ...small, padding: 'same' })
  return readCheckpoint(toOnnx({ architecture, parameters: seededParameters(architecture) }))
}

/** A network whose description differs from every convention. */
export const ownNetwork: SafetensorsNetwork = {
  options: small,
  parameters: seededParameters(defineMobileNetV2(small)),
  preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bicubic', mean: [0.1, 0.2, 0.3], deviation: [0.4, 0.5, 0.6] },
  classes: { labels: ['cat', 'dog'], background: 0, output: 'sigmoid' },
}

/** The checkpoint of this project's own file of `ownNetwork`, or of that with some parts changed. */
export async function ownCheckpoint(change: Partial<SafetensorsNetwork> = {}): Promise<Checkpoint> {
  return readCheckpoint(toSafetensors({ ...ownNetwork, ...change }))
}
