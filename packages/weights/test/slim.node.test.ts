import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { expectAllClose, runReference, seededInput } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { type Checkpoint, CheckpointError, inferOptions, readCheckpoint, type StoredTensor, toParameters } from '../src/index.js'
import { golden, goldenBytes } from './goldens.js'

const average = '/ExponentialMovingAverage'
const { size, logits } = golden<{ size: number; logits: number[] }>('slim.json')
const slim = await readCheckpoint(goldenBytes('slim.npz'), { file: 'slim.npz' })

function logitsOf(checkpoint: Checkpoint): Float32Array {
  const architecture = defineMobileNetV2({ ...inferOptions(checkpoint).options, height: size, width: size })
  return runReference(architecture, toParameters(checkpoint, architecture), seededInput(architecture)).logits
}

test("TF-slim's variables: TensorFlow's logits within 1e-4 of the largest, from their moving averages", () => {
  expect(inferOptions(slim)).toMatchObject({
    family: 'TensorFlow',
    naming: 'slim',
    options: { widthMultiplier: 0.1, channelDivisor: 4, headChannels: 64, classes: 5, padding: 'same', batchNormEpsilon: 1e-3 },
  })
  expectAllClose(logitsOf(slim), logits, { relative: 1e-5 })
})

/** The checkpoint with other names; a name that becomes null is left out. */
function renamed(rename: (name: string) => string | null): Checkpoint {
  const tensors = new Map<string, StoredTensor>()
  for (const [name, tensor] of slim.tensors) {
    const other = rename(name)
    if (other !== null) tensors.set(other, { ...tensor, name: other })
  }
  return { ...slim, tensors }
}

test('variables without averages, and what optimizers keep beside them', () => {
  const averaged = new Set(
    [...slim.tensors.keys()].filter((name) => name.endsWith(average)).map((name) => name.slice(0, -average.length)),
  )
  const bare = renamed((name) => (averaged.has(name) ? `${name}/RMSProp` : name.replace(average, '')))
  expectAllClose(logitsOf(bare), logits, { relative: 1e-5 })
})

test('an average without its variable is one; a variable without either is missing', () => {
  const head = 'MobilenetV2/Conv_1/weights'
  expectAllClose(logitsOf(renamed((name) => (name === head ? null : name))), logits, { relative: 1e-5 })
  expect(() => inferOptions(renamed((name) => (name.startsWith(head) ? null : name)))).toThrow(CheckpointError)
})
