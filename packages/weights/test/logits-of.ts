import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { runReference, seededInput } from '@mobilenetv2/testing'
import { type Checkpoint, type InferredOptions, inferOptions, readCheckpoint, toParameters } from '../src/index.js'
import { golden, goldenBytes } from './goldens.js'

/** What the scripts beside the goldens write of their producers' answers, for `seededInput` of `batch` pictures of `size` pixels. */
export interface ProducersAnswer {
  readonly width: number
  readonly batch: number
  readonly size: number
  readonly logits: readonly number[]
}

/** A golden, read from its bytes alone, and what the reference executor makes of it for its producer's input. */
export async function readGolden<Answer extends ProducersAnswer>(
  file: string,
): Promise<{ checkpoint: Checkpoint; inferred: InferredOptions; logits: Float32Array; expected: Answer }> {
  const expected = golden<Answer>(file.replace(/\.\w+$/, '.json'))
  const checkpoint = await readCheckpoint(goldenBytes(file), { file })
  const inferred = inferOptions(checkpoint)
  const { size, batch } = expected
  const architecture = defineMobileNetV2({ ...inferred.options, height: size, width: size })
  const { logits } = runReference(architecture, toParameters(checkpoint, architecture), seededInput(architecture, batch), { batch })
  return { checkpoint, inferred, logits, expected }
}
