import { expect, test } from 'vitest'
import type { Hdf5Object } from '../src/formats/hdf5/read.js'
import { readVariables } from '../src/formats/keras/tensors.js'

function array(path: string, shape: readonly number[]): Hdf5Object {
  const read = (): Uint8Array => new Uint8Array(4 * shape.reduce((product, extent) => product * extent, 1))
  return { path, dataset: { shape, datatype: { kind: 'number', dtype: 'float32', size: 4 }, read }, texts: () => null }
}

function namesOf(...objects: readonly Hdf5Object[]): string[] {
  return [...readVariables(objects, new Map()).keys()].sort()
}

test("layers that are attributes of a model of one's own are recognised by the shapes of their variables", () => {
  const norm = ['0', '1', '2', '3'].map((index) => array(`norm/vars/${index}`, [8]))
  const head = [array('head/vars/0', [8, 3]), array('head/vars/1', [3])]
  expect(namesOf(array('backbone/layers/conv2d/vars/0', [3, 3, 3, 8]), ...norm, ...head)).toEqual([
    'conv2d/kernel',
    'head/bias',
    'head/kernel',
    'norm/beta',
    'norm/gamma',
    'norm/moving_mean',
    'norm/moving_variance',
  ])
})

test('what an optimizer or a seed keeps is no layer', () => {
  const head = [array('head/vars/0', [8, 3]), array('head/vars/1', [3])]
  const others = [array('optimizer/vars/0', [8, 3]), array('layers/dropout/seed_generator/vars/0', [2])]
  expect(namesOf(...head, ...others)).toEqual(['head/bias', 'head/kernel'])
})
