import { expectAllClose } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { type Checkpoint, readCheckpoint, toNetwork } from '../src/index.js'
import { refusalOf } from './support/expect-refusal.js'
import { golden, goldenBytes } from './support/goldens.js'
import { logitsOf } from './support/logits-of.js'
import { renamed } from './support/renamed.js'

const average = '/ExponentialMovingAverage'
const { size, logits } = golden<{ size: number; logits: number[] }>('slim.json')
const slim = await readCheckpoint(goldenBytes('slim.npz'), { file: 'slim.npz' })

async function expectLogits(checkpoint: Checkpoint): Promise<void> {
  expectAllClose(logitsOf(await toNetwork(checkpoint), size), logits, { relative: 1e-5 })
}

test("TF-slim's variables: TensorFlow's logits within 1e-5 of the largest, from their moving averages", async () => {
  expect(await toNetwork(slim)).toMatchObject({
    source: { file: 'slim.npz', format: 'npz', naming: 'slim' },
    options: { widthMultiplier: 0.1, channelDivisor: 4, headChannels: 64, classes: 5, padding: 'same', batchNormEpsilon: 1e-3 },
  })
  await expectLogits(slim)
})

test('variables without averages, and what optimizers keep beside them', async () => {
  const averaged = new Set(
    [...slim.tensors.keys()].filter((name) => name.endsWith(average)).map((name) => name.slice(0, -average.length)),
  )
  const bare = renamed(slim, (name) => (averaged.has(name) ? `${name}/RMSProp` : name.replace(average, '')))
  await expectLogits(bare)
})

test('an average without its variable is read; a variable without either is missing', async () => {
  const head = 'MobilenetV2/Conv_1/weights'
  await expectLogits(renamed(slim, (name) => (name === head ? null : name)))
  const without = renamed(slim, (name) => (name.startsWith(head) ? null : name))
  expect((await refusalOf(() => toNetwork(without))).message).toContain(head)
})
