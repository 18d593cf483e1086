import { defineMobileNet, type Preprocessing } from '@mobilenetv2/spec'
import { runReference, seededLevels } from '@mobilenetv2/testing'
import { type Checkpoint, type Network, readCheckpoint, toNetwork } from '../../src/index.js'
import { golden, goldenBytes } from './goldens.js'

/** The outputs of a golden's producer, which the script beside it writes, for `seededLevels` of `batch` pictures of `size` pixels. */
export interface ProducersAnswer {
  readonly width: number
  readonly batch: number
  readonly size: number
  readonly logits: readonly number[]
}

/** Levels, normalised by a network's mean and deviation. */
export function prepared(levels: Float32Array, { mean, deviation }: Pick<Preprocessing, 'mean' | 'deviation'>): Float32Array {
  return levels.map((level, index) => (level / 255 - mean[index % 3]!) / deviation[index % 3]!)
}

/** The reference executor's logits of a network for `seededLevels`, at a size that may be another than the network's own. */
export function logitsOf(
  { options, parameters, preprocessing }: Pick<Network, 'options' | 'parameters' | 'preprocessing'>,
  size: number,
  batch: number = 1,
): Float32Array {
  const architecture = defineMobileNet({ ...options, height: size, width: size })
  return runReference(architecture, parameters, prepared(seededLevels(batch, size), preprocessing), { batch }).logits
}

/** A golden, read from its bytes only, and what the reference executor gives for its producer's input. */
export async function readGolden<Answer extends ProducersAnswer>(
  file: string,
): Promise<{ checkpoint: Checkpoint; network: Network; logits: Float32Array; expected: Answer }> {
  const expected = golden<Answer>(file.replace(/\.\w+$/, '.json'))
  const checkpoint = await readCheckpoint(goldenBytes(file), { file })
  const network = await toNetwork(checkpoint)
  return { checkpoint, network, logits: logitsOf(network, expected.size, expected.batch), expected }
}
