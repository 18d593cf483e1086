import { expect, test } from 'vitest'
import { openBudget } from '../src/formats/budget.js'
import type { Checkpoint, StoredTensor } from '../src/index.js'
import type { Layout } from '../src/layout.js'
import { matchCheckpoint } from '../src/match/match-checkpoint.js'
import { orderedBodies } from '../src/match/match-order.js'
import { numberedPath, prefixOf } from '../src/match/modules.js'
import { namings } from '../src/namings/all-namings.js'
import { torchvisionNamings } from '../src/namings/torchvision.js'
import { sortNaturally } from '../src/natural-order.js'
import { refusalOf } from './support/expect-refusal.js'
import { stateDict } from './support/state-dict.js'

/** As many tensors as a file may hold. */
const most = 20_000

/**
 * Each of these tests ends within this time, even on a slow machine. Work that grows with the square of the names takes much
 * longer.
 */
const limit = { timeout: 20_000 }

const small = { widthMultiplier: 0.1, classes: 2, headChannels: 8 }

function tensor(name: string, shape: readonly number[], bytes: Uint8Array = new Uint8Array(4)): StoredTensor {
  return { name, shape, dtype: 'float32', bytes, quantization: null }
}

function checkpoint(tensors: readonly StoredTensor[]): Checkpoint {
  return {
    format: 'safetensors',
    file: 'names',
    tensors: new Map(tensors.map((each) => [each.name, each])),
    graph: null,
    metadata: {},
  }
}

function shapeOf(layout: Layout): number[] {
  const extents: Readonly<Record<string, number>> = { H: 3, W: 3, I: 3, O: 8, C: 8 }
  return [...layout].map((axis) => extents[axis] ?? 1)
}

function kernelsOf(naming: (typeof namings)[number]): readonly [stem: string, depthwise: string] {
  const stem = naming.tensors({ part: 'stem', block: 0, expands: true, blocks: 0 }).kernel
  return [stem, naming.tensors({ part: 'depthwise', block: 1, expands: false, blocks: 0 }).kernel]
}

test.each(namings.map((naming) => [naming.name, kernelsOf(naming)[0], naming] as const))(
  'the beginnings of 10,000 networks are refused: %s, %s',
  limit,
  async (_name, _kernel, naming) => {
    const [stem, depthwise] = kernelsOf(naming)
    const { layouts } = naming
    const parts = Array.from({ length: most / 2 }, (_, index) => [
      tensor(`p${index}.${stem}`, shapeOf(layouts.convolution)),
      tensor(`p${index}.${depthwise}`, shapeOf(layouts.depthwise)),
    ])
    const { message } = await refusalOf(() => matchCheckpoint(checkpoint(parts.flat()), {}, openBudget(0)))
    expect(message).toContain('that could begin a network')
  },
)

test.each([
  ['first', [8, 3, 3, 3]],
  ['pointwise', [8, 8, 1, 1]],
  ['depthwise', [8, 1, 3, 3]],
])('20,000 %s kernels are no network', limit, (_kind, shape) => {
  const tensors = Array.from({ length: most }, (_, index) => tensor(`layer${index}`, shape))
  expect(orderedBodies(checkpoint(tensors))).toEqual([])
})

test('a network that lies 300 modules deep, among 20,000 vectors', limit, async () => {
  const { tensors } = stateDict(torchvisionNamings[0]!, small)
  const prefix = 'a.'.repeat(300)
  const deep = [...tensors.values()].map((each) => ({ ...each, name: `${prefix}${each.name}` }))
  const isHead = ({ name }: StoredTensor): boolean => name.includes('classifier')
  const vectors = Array.from({ length: most }, (_, index) => tensor(`${prefix}v${index}.table`, [1]))
  const match = await matchCheckpoint(checkpoint([...deep.filter((each) => !isHead(each)), ...vectors]), {}, openBudget(0))
  expect(match.classes).toBe(0)
})

test('20,000 dense layers of shared values are not compared with each other', limit, async () => {
  const { tensors } = stateDict(torchvisionNamings[0]!, small)
  const storage = new Uint8Array(2 ** 22)
  const dense = Array.from({ length: most }, (_, index) =>
    tensor(`dense${index}.weight`, [1024, 1023], storage.subarray(4 * (index % 1024), 4 * (index % 1024) + 4 * 1024 * 1023)),
  )
  const { message } = await refusalOf(() => matchCheckpoint(checkpoint([...tensors.values(), ...dense]), {}, openBudget(0)))
  expect(message).toContain('not one head')
})

test('many copies of a network are several networks', limit, async () => {
  const { tensors } = stateDict(torchvisionNamings[0]!, small)
  const copies = Array.from({ length: 30 }, (_, fold) =>
    [...tensors.values()].map((each) => ({ ...each, name: `fold${fold}.${each.name}` })),
  )
  const { message } = await refusalOf(() => matchCheckpoint(checkpoint(copies.flat()), {}, openBudget(0)))
  expect(message).toContain('fold0., fold1.')
  expect(message).toContain('and 10 more')
})

test('a buffer without a name is no deviation of the buffer mean', async () => {
  const { tensors } = stateDict(torchvisionNamings[0]!, small)
  const values = (name: string): StoredTensor => tensor(name, [3], new Uint8Array(new Float32Array([0.5, 0.5, 0.5]).buffer))
  const { facts } = await matchCheckpoint(checkpoint([...tensors.values(), values('mean'), values('')]), {}, openBudget(0))
  expect(facts.mean).toBeUndefined()
})

test('names without numbers come before those with numbers, and numbers count as such', () => {
  const names = ['conv2d_10/kernel', 'conv2d_2/kernel', 'conv2d/kernel', 'conv2d_1/kernel', 'conv.weight', 'conv_1.weight']
  expect(sortNaturally(names, (name) => name)).toEqual([
    'conv.weight',
    'conv2d/kernel',
    'conv2d_1/kernel',
    'conv2d_2/kernel',
    'conv2d_10/kernel',
    'conv_1.weight',
  ])
})

test('paths are split at their numbers, in time that grows with their length', () => {
  expect(numberedPath('classifier.3')).toEqual({ parent: 'classifier.', index: 3 })
  expect(numberedPath('fc12')).toEqual({ parent: 'fc', index: 12 })
  expect(numberedPath('3')).toEqual({ parent: '', index: 3 })
  expect(numberedPath('fc')).toBeNull()
  expect(numberedPath(`${'1'.repeat(1_000_000)}x`)).toBeNull()
  expect(prefixOf('a.b/c')).toBe('a.b/')
  expect(prefixOf('weight')).toBe('')
})

test('kernels of numbered names without modules are found in the order of their numbers', () => {
  const { tensors } = stateDict(torchvisionNamings[0]!, small)
  const numbered = [...tensors.values()].map((each, index) => ({ ...each, name: `arr_${index}` }))
  const sorted = numbered.toSorted((left, right) => (left.name < right.name ? -1 : 1))
  expect(orderedBodies(checkpoint(sorted))).toHaveLength(1)
})
