import { expect, test } from 'vitest'
import { openBudget } from '../src/formats/budget.js'
import { type Checkpoint, type StoredTensor, toNetwork } from '../src/index.js'
import { withPlainKernels } from '../src/match/plain-kernels.js'
import { noteNaming } from '../src/namings/note.js'
import { torchvisionNamings } from '../src/namings/torchvision.js'
import { refusalOf } from './support/expect-refusal.js'
import { stateDict } from './support/state-dict.js'

const options = { widthMultiplier: 0.1, classes: 2, headChannels: 3 }

function tensor(name: string, shape: readonly number[], values: readonly number[]): StoredTensor {
  return { name, shape, dtype: 'float32', bytes: new Uint8Array(new Float32Array(values).buffer), quantization: null }
}

/** A network whose classifier has these tensors in place of its kernel. */
function withClassifier(parts: readonly StoredTensor[]): Checkpoint {
  const checkpoint = stateDict(torchvisionNamings[0]!, options)
  const tensors = new Map(checkpoint.tensors)
  tensors.delete('classifier.weight')
  for (const part of parts) tensors.set(part.name, part)
  return { ...checkpoint, tensors }
}

async function classifierOf(parts: readonly StoredTensor[]): Promise<number[]> {
  const { architecture, parameters } = await toNetwork(withClassifier(parts))
  expect(architecture.classes).toBe(2)
  // The definition's kernel is [inputs, outputs].
  return [...parameters.get('classifier')!.kernel].map((value) => Math.round(1e5 * value) / 1e5)
}

const direction = [3, 4, 0, 0, 0, 5]
const transposed = [6, 0, 8, 0, 0, 2]

test.each([
  ['weight_g', 'weight_v'],
  ['parametrizations.weight.original0', 'parametrizations.weight.original1'],
])('weight_norm: %s is the length of %s', async (length, vector) => {
  const parts = [tensor(`classifier.${length}`, [2, 1], [10, 2]), tensor(`classifier.${vector}`, [2, 3], direction)]
  expect(await classifierOf(parts)).toEqual(transposed)
})

test('weight_norm: one length for all channels', async () => {
  const parts = [tensor('classifier.weight_g', [1, 1], [Math.sqrt(50) * 2]), tensor('classifier.weight_v', [2, 3], direction)]
  expect(await classifierOf(parts)).toEqual([6, 0, 8, 0, 0, 10])
})

test.each([
  ['weight_orig', 'weight_u', 'weight_v'],
  ['parametrizations.weight.original', 'parametrizations.weight.0._u', 'parametrizations.weight.0._v'],
])('spectral_norm: %s is divided by its singular value', async (original, left, right) => {
  const parts = [
    tensor(`classifier.${original}`, [2, 3], [2, 0, 0, 0, 4, 0]),
    tensor(`classifier.${left}`, [2], [0, 1]),
    tensor(`classifier.${right}`, [3], [0, 1, 0]),
  ]
  expect(await classifierOf(parts)).toEqual([0.5, 0, 0, 1, 0, 0])
})

test('pruning: what the mask leaves', async () => {
  const parts = [
    tensor('classifier.weight_orig', [2, 3], [1, 2, 3, 4, 5, 6]),
    tensor('classifier.weight_mask', [2, 3], [1, 0, 1, 0, 1, 0]),
  ]
  expect(await classifierOf(parts)).toEqual([1, 0, 0, 5, 3, 0])
})

test('other parts are refused', async () => {
  const parts = [tensor('classifier.parametrizations.weight.original', [2, 3], direction)]
  expect((await refusalOf(() => toNetwork(withClassifier(parts)))).message).toContain('parts that are not read')
})

test('a bias before a BatchNorm is part of the network', async () => {
  const checkpoint = stateDict(torchvisionNamings[0]!, options)
  const tensors = new Map(checkpoint.tensors)
  const stem = tensors.get('features.0.0.weight')!.shape[0]!
  const fill = (name: string, value: number): unknown =>
    tensors.set(
      name,
      tensor(
        name,
        [stem],
        Array.from({ length: stem }, () => value),
      ),
    )
  fill('features.0.0.bias', 3)
  fill('features.0.1.weight', 2)
  fill('features.0.1.running_var', 4 - 1e-5)
  const { parameters } = await toNetwork({ ...checkpoint, tensors })
  for (const value of parameters.get('stem')!.bias) expect(value).toBeCloseTo(3, 5)
})

test('networks that differ in their heads alone are several', async () => {
  const { tensors, ...rest } = stateDict(noteNaming, options)
  const both = new Map<string, StoredTensor>()
  for (const prefix of ['0.', '1.']) for (const [name, value] of tensors) both.set(prefix + name, { ...value, name: prefix + name })
  const copies = await toNetwork({ ...rest, tensors: both })
  expect(copies.architecture.classes).toBe(2)
  both.set('1.classifier.weight', tensor('1.classifier.weight', [2, 3], direction))
  expect((await refusalOf(() => toNetwork({ ...rest, tensors: both }))).message).toContain('more than one network')
})

test('parameters in parts are computed only when they are asked for', () => {
  const never = (name: string, shape: readonly number[]): StoredTensor => ({
    ...tensor(name, shape, []),
    get bytes(): Uint8Array {
      throw new Error(`${name} was read`)
    },
  })
  const parts = [never('classifier.weight_g', [2, 1]), never('classifier.weight_v', [2, 3])]
  const { tensors } = withPlainKernels(withClassifier(parts), openBudget(0))
  expect(tensors.get('classifier.weight')!.shape).toEqual([2, 3])
  expect(() => tensors.get('classifier.weight')!.bytes).toThrow('was read')
})
