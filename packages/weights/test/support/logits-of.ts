import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { runReference, seededInput } from '@mobilenetv2/testing'
import { type Checkpoint, type Network, readCheckpoint, toNetwork } from '../../src/index.js'
import { golden, goldenBytes } from './goldens.js'

/** What the scripts beside the goldens write of their producers' answers, for `seededInput` of `batch` pictures of `size` pixels. */
export interface ProducersAnswer {
  readonly width: number
  readonly batch: number
  readonly size: number
  readonly logits: readonly number[]
}

/** The reference executor's logits of a network for `seededInput`, at a size that may be another than the network's own. */
export function logitsOf(
  { options, parameters }: Pick<Network, 'options' | 'parameters'>,
  size: number,
  batch: number = 1,
): Float32Array {
  const architecture = defineMobileNetV2({ ...options, height: size, width: size })
  return runReference(architecture, parameters, seededInput(architecture, batch), { batch }).logits
}

/** A golden, read from its bytes alone, and what the reference executor makes of it for its producer's input. */
export async function readGolden<Answer extends ProducersAnswer>(
  file: string,
): Promise<{ checkpoint: Checkpoint; network: Network; logits: Float32Array; expected: Answer }> {
  const expected = golden<Answer>(file.replace(/\.\w+$/, '.json'))
  const checkpoint = await readCheckpoint(goldenBytes(file), { file })
  const network = await toNetwork(checkpoint)
  return { checkpoint, network, logits: logitsOf(network, expected.size, expected.batch), expected }
}
