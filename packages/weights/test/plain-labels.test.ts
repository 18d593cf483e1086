import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PlainValue } from '../src/checkpoint.js'
import { labelsOfFile as labelsOfFileWithin } from '../src/facts/label-file.js'
import type { PlainRecord } from '../src/facts/plain.js'
import { labelsWithin as labelsIn, labelsOf as labelsOfWithin, type NamedLabels } from '../src/facts/plain-labels.js'
import { openBudget } from '../src/formats/budget.js'
import { CheckpointError, readLabels } from '../src/index.js'
import { optionRefusalOf } from './support/option-refusal.js'

const pets = ['cat', 'dog']

const labelsOf = (value: PlainValue): string[] | null => labelsOfWithin(value, openBudget(0))
const labelsWithin = (record: PlainRecord): NamedLabels[] => labelsIn(record, openBudget(0))
const labelsOfFile = (bytes: Uint8Array): readonly NamedLabels[] => labelsOfFileWithin(bytes, openBudget(bytes.length))

test.each<[string, PlainValue]>([
  ['an array', pets],
  ['index to name', { 1: 'dog', 0: 'cat' }],
  ['name to index', { dog: 1, cat: 0 }],
  ["Keras's index to id and name", { 0: ['n02', 'cat'], 1: ['n03', 'dog'] }],
  [
    'objects with names',
    [
      { id: 1, name: 'cat' },
      { id: 2, name: 'dog' },
    ],
  ],
  ['JSON', '["cat", "dog"]'],
  ['JSON of index to name', '{"0": "cat", "1": "dog"}'],
  ['a list of Python', "['cat', 'dog']"],
  ['a tuple of Python', "('cat', 'dog',)"],
  ['a dictionary of Python', "{0: 'cat', 1: 'dog'}"],
  ['a dictionary of names', `{"cat": 0, 'dog': 1}`],
  ['commas', 'cat, dog'],
  ['lines', 'cat\ndog'],
])('labels as %s', (_, value) => {
  expect(labelsOf(value)).toEqual(pets)
})

test.each<[string, PlainValue]>([
  ['a number of classes', 2],
  ['a word', 'cat'],
  ['nothing', null],
  ['an empty array', []],
  ['numbers', [0, 1]],
  ['a gap', { 0: 'cat', 2: 'dog' }],
  ['an index twice', { cat: 0, dog: 0 }],
  ['names that nobody gave', { 0: 'LABEL_0', 1: 'LABEL_1' }],
  ['empty names', ['', ' ']],
  ['a call of Python', 'dict(cat=0)'],
  ['a nested list of Python', "[['cat'], ['dog']]"],
  ['damaged JSON', '{"0": "cat"'],
])('%s is no list of labels', (_, value) => {
  expect(labelsOf(value)).toBeNull()
})

test('quotes and escapes of Python', () => {
  expect(labelsOf(`{0: 'l\\'été', 1: "a \\"b\\"", 2: 'caf\\xe9'}`)).toEqual(["l'été", 'a "b"', 'café'])
})

test.each([
  'class_to_idx',
  'idx_to_class',
  'id2label',
  'label2id',
  'label_names',
  'classes',
  'class_names',
  'labels',
  'names',
  'categories',
  'classNames',
  'CLASSES',
  'index_to_label',
  'label_map',
  'class_indices',
  'idx2cls',
])('a member called %s', (name) => {
  expect(labelsWithin({ epoch: 3, [name]: pets })).toEqual([{ path: name, labels: pets }])
  expect(labelsWithin({ hyper_parameters: { data: { [name]: pets } } })).toEqual([
    { path: `hyper_parameters.data.${name}`, labels: pets },
  ])
})

test.each(['num_classes', 'optimizer', 'filename', 'class_weight', 'classifier', 'label_smoothing', 'state_dict'])(
  'a member called %s names no classes',
  (name) => {
    expect(labelsWithin({ [name]: pets })).toEqual([])
  },
)

test('a text as long as a file is not searched, and one of too many parts is refused', () => {
  expect(labelsOf(','.repeat(5_000_000))).toBeNull()
  expect(labelsOf(`['${'a'.repeat(20_000_000)}']`)).toBeNull()
  for (const text of [','.repeat(2_000_000), `(${'1,'.repeat(2_000_000)})`, '['.repeat(2_000_000)]) {
    expect(() => labelsOf(text)).toThrow(CheckpointError)
    expect(() => labelsOfFile(new TextEncoder().encode(text.replaceAll(',', '\n')))).toThrow(CheckpointError)
  }
})

test("timm's descriptions stand in for its names, and the outer list comes first", () => {
  const record: PlainRecord = {
    pretrained_cfg: { label_names: ['x', 'y'] },
    label_names: ['n02', 'n03'],
    label_descriptions: { n02: 'cat', n03: 'dog' },
  }
  expect(labelsWithin(record).map(({ labels }) => labels)).toEqual([pets, ['x', 'y']])
})

const file = (text: string): Uint8Array => new TextEncoder().encode(text)

test.each([
  ['lines', 'cat\ndog\n'],
  ['lines of Windows, with a byte order mark and empty lines at the end', '\ufeffcat\r\ndog\r\n\r\n  \r\n'],
  ['numbers', '0 cat\n1 dog\n'],
  ['numbers and colons', '0: cat\n1: dog'],
  ['numbers in another order', '1,dog\n0,cat'],
  ['JSON', '{"cat": 0, "dog": 1}'],
  ['JSON with labels in it', '{"model": {"labels": ["cat", "dog"]}}'],
])('a file of %s', (_, text) => {
  expect(labelsOfFile(file(text))[0]?.labels).toEqual(pets)
})

test.each([
  ['little', [0xff, 0xfe], true],
  ['big', [0xfe, 0xff], false],
] as const)('a file in UTF-16, %s end first', (_, mark, isLittle) => {
  const units = new DataView(new ArrayBuffer(16))
  Array.from('cat\ndog\n').forEach((character, index) => {
    units.setUint16(2 * index, character.charCodeAt(0), isLittle)
  })
  expect(labelsOfFile(new Uint8Array([...mark, ...new Uint8Array(units.buffer)]))[0]?.labels).toEqual(pets)
})

test('spaces around labels go; an empty line between others is a label', () => {
  expect(labelsOfFile(file(' cat \n\ndog\t\n'))[0]?.labels).toEqual(['cat', '', 'dog'])
})

test('numbers that are parts of names stay', () => {
  expect(labelsOfFile(file('7 up\n3 musketeers'))[0]?.labels).toEqual(['7 up', '3 musketeers'])
  expect(labelsOfFile(file('1 euro\n2 euro'))[0]?.labels).toEqual(['1 euro', '2 euro'])
})

test.each([
  ['a page of a server', '<!doctype html>\n<html>'],
  ['a page after an empty line', '\n\n<!doctype html>'],
  ['nothing', '\n'],
  ['bytes', 'a\0b'],
  ['JSON without labels', '{"a": {"b": [1, 2]}}'],
])('no labels: %s', async (_, text) => {
  expect(labelsOfFile(file(text))).toEqual([])
  expect(await optionRefusalOf(() => readLabels(file(text), 'some.txt'))).toContain('some.txt')
})

test('any value is searched without an error, and what is found is text', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('classes', 'labels', 'a', '__proto__'), fc.jsonValue({ maxDepth: 5 })), (record) => {
      for (const { labels } of labelsWithin(record as PlainRecord)) for (const label of labels) expect(typeof label).toBe('string')
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      labelsOf(text)
      labelsOfFile(file(text))
    }),
  )
})

test("a text that holds one of Python's lists or dictionaries is read as that", () => {
  const read = (text: string) => labelsOfFile(new TextEncoder().encode(text)).map(({ labels }) => labels)
  expect(read("['a cat', 'dog']\n")).toEqual([['a cat', 'dog']])
  expect(read("{'dog': 1, 'a cat': 0}")).toEqual([['a cat', 'dog']])
})
