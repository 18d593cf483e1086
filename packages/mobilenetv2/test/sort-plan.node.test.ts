import { expect, it } from 'vitest'
import { folderOf, planSort } from '../src/cli/sort-plan.js'

const picture = (file: string, label = 'cat') => ({ file, label, confidence: 0.9 })
const nothing = (): boolean => false

it('puts each picture into the folder of its label', () => {
  const sorted = planSort([picture('photos/a.jpg'), picture('photos/b.jpg', 'dog')], 'sorted', nothing)
  expect(sorted.map(({ to }) => to)).toEqual(['sorted/cat/a.jpg', 'sorted/dog/b.jpg'])
})

it('numbers pictures of the same name, also where only the case differs', () => {
  const sorted = planSort(
    ['x/a.jpg', 'y/a.jpg', 'z/A.JPG'].map((file) => picture(file)),
    'sorted',
    nothing,
  )
  expect(sorted.map(({ to }) => to)).toEqual(['sorted/cat/a.jpg', 'sorted/cat/a (2).jpg', 'sorted/cat/A (3).JPG'])
})

it('leaves files alone that are there', () => {
  const taken = (path: string): boolean => path === 'sorted/cat/a.jpg'
  expect(planSort([picture('a.jpg')], 'sorted', taken)[0]!.to).toBe('sorted/cat/a (2).jpg')
})

it.each([
  ['tabby, tabby cat', 'tabby, tabby cat'],
  ['../../etc', '_.._etc'],
  ['a/b\\c:d\n', 'a_b_c_d_'],
  ['..', '_'],
  ['', '_'],
  ['CON', '_CON'],
  ['ends with dots. . ', 'ends with dots'],
])('makes of the label %j the folder %j', (label, name) => {
  expect(folderOf(label)).toBe(name)
})

it('shortens a long label to what file systems take', () => {
  expect(Buffer.byteLength(folderOf('é'.repeat(300)))).toBeLessThanOrEqual(255)
  expect(folderOf(`${'a'.repeat(254)}. cut here`)).toBe('a'.repeat(254))
})
