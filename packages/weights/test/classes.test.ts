import fc from 'fast-check'
import { expect, test } from 'vitest'
import { factsFrom, type Labels, type Network, readNetwork, type ToNetworkOptions, toNetwork, toSafetensors } from '../src/index.js'
import { slimNamings } from '../src/namings/slim.js'
import { torchvisionNamings } from '../src/namings/torchvision.js'
import { graphCheckpoint, ownCheckpoint, ownNetwork, small } from './support/checkpoints.js'
import { optionRefusalOf } from './support/option-refusal.js'
import { stateDict } from './support/state-dict.js'

const unnamed = stateDict(torchvisionNamings[0]!, small)
const headless = stateDict(torchvisionNamings[0]!, { ...small, classes: 0 })
const thousand = stateDict(slimNamings[0]!, { ...small, classes: 1001 })
const graph = await graphCheckpoint()
const own = await ownCheckpoint()
const background = [factsFrom({ background: 0 }, 'the publisher says so')]

/** How the output of a state dict is read, as the file does not say it. */
const unsaid = {
  output: 'logits',
  outputReason: 'nothing says how they are read; several are read as one class of several (softmax)',
} as const

/** The sentences about the classes: background, labels, output. */
const aboutClasses = ({ reasons }: Network): readonly string[] => reasons.slice(-3)

test('labels as an array, and as an object of index to label', async () => {
  const asArray = await toNetwork(unnamed, { labels: ['cat', 'dog', 'emu'] })
  expect(asArray.classes).toEqual({ labels: ['cat', 'dog', 'emu'], background: null, ...unsaid })
  expect(aboutClasses(asArray)[1]).toBe('labels of 3 classes: as asked for')
  const asObject = await toNetwork(unnamed, { labels: { 2: 'emu', 0: 'cat', 1: 'dog' } })
  expect(asObject).toEqual(asArray)
  const asJson = await toNetwork(unnamed, { labels: JSON.parse('{"2":"emu","0":"cat","1":"dog"}') as Labels })
  expect(asJson).toEqual(asArray)
})

test.each([
  ['background', 0, ['cat', 'dog']],
  ['Background ', 1, ['cat', 'dog']],
  ['BACKGROUND', 2, ['cat', 'dog']],
])('a label that names the background: %j at %i', async (name, index, answers) => {
  const network = await toNetwork(unnamed, { labels: answers.toSpliced(index, 0, name) })
  expect(network.classes).toEqual({ labels: answers, background: index, ...unsaid })
  expect(aboutClasses(network)).toEqual([
    `background class ${index}: its label says so`,
    'labels of 2 classes: as asked for',
    `output logits: ${unsaid.outputReason}`,
  ])
})

test('labels of a network that is known to have a background class, with it and without it', async () => {
  const expected = { labels: ['cat', 'dog'], background: 0, ...unsaid }
  for (const labels of [
    ['none', 'cat', 'dog'],
    ['cat', 'dog'],
  ]) {
    const network = await toNetwork(unnamed, { labels, stated: background })
    expect(network.classes).toEqual(expected)
    expect(aboutClasses(network)[0]).toBe('background class 0: the publisher says so')
  }
})

test('1001 classes in a naming of TensorFlow: the first is for none of the others', async () => {
  const network = await toNetwork(thousand)
  expect(network.classes).toEqual({ labels: [], background: 0, ...unsaid })
  expect(aboutClasses(network).slice(0, 2)).toEqual([
    'background class 0: TensorFlow puts it first among 1001 classes',
    'no labels: nothing names the 1000 classes',
  ])
})

test('1001 labels for them name each class, also the first; one of them may be the background', async () => {
  const labels = Array.from({ length: 1001 }, (_, index) => `class ${index}`)
  expect((await toNetwork(thousand, { labels })).classes).toMatchObject({ labels, background: null })
  expect((await toNetwork({ ...thousand, metadata: { labels } })).classes).toMatchObject({ labels, background: null })
  const named = await toNetwork(thousand, { labels: labels.with(0, 'background') })
  expect(named.classes).toMatchObject({ labels: labels.slice(1), background: 0 })
  expect((await toNetwork(thousand, { labels: labels.slice(1) })).classes).toEqual(named.classes)
})

test('the caller names classes before `stated`, `stated` before the file', async () => {
  const stated = [factsFrom({ labels: ['a', 'b', 'c'] }, 'the publisher says so')]
  const labelled = { ...graph, metadata: { labels: ['x', 'y', 'z'] } }
  expect((await toNetwork(labelled)).classes.labels).toEqual(['x', 'y', 'z'])
  expect((await toNetwork(labelled, { stated })).classes.labels).toEqual(['a', 'b', 'c'])
  expect((await toNetwork(labelled, { stated, labels: ['1', '2', '3'] })).classes.labels).toEqual(['1', '2', '3'])
})

test('labels of the file: the background among them, and too few of them', async () => {
  const network = await toNetwork({ ...graph, metadata: { labels: ['cat', 'background', 'dog'] } })
  expect(network.classes).toMatchObject({ labels: ['cat', 'dog'], background: 1 })
  expect(aboutClasses(network)[1]).toBe('labels of 2 classes: the file names them')
  const tooFew = await toNetwork({ ...graph, metadata: { labels: ['cat', 'dog'] } })
  expect(tooFew.classes.labels).toEqual([])
  expect(tooFew.reasons).toContain('labels left out: the file has 2 for 3 classes')
})

test.each<[string, unknown, string]>([
  ['a text', 'cat, dog, emu', 'an array of names, or an object of index to name'],
  ['a number', 3, 'an array of names, or an object of index to name'],
  ['null', null, 'an array of names, or an object of index to name'],
  // biome-ignore lint/suspicious/noSparseArray: the hole is what is refused.
  ['an array with a hole', ['cat', , 'emu'], 'index 1 has none'],
  ['an array of numbers', [0, 1, 2], 'index 0 has none'],
  ['an object with a hole', { 0: 'cat', 1: 'dog', 3: 'emu' }, 'index 2 has none'],
  ['an object of names', { cat: 0, dog: 1, emu: 2 }, 'index 0 has none'],
  ['too few', ['cat', 'dog'], 'got: "2 labels (as asked for)"'],
  ['too many', ['cat', 'dog', 'emu', 'fox'], 'got: "4 labels (as asked for)"'],
  ['none', [], 'got: "0 labels (as asked for)"'],
])('labels that are %s are refused', async (_, labels, message) => {
  expect(await optionRefusalOf(() => toNetwork(unnamed, { labels } as ToNetworkOptions))).toContain(message)
})

test('a single output takes two labels, but not if it is read by softmax, which makes it always 1', async () => {
  const single = stateDict(torchvisionNamings[0]!, { ...small, classes: 1 })
  const labels = ['cat', 'dog']
  for (const output of ['sigmoid', undefined] as const) {
    expect((await toNetwork(single, { labels, output })).classes.labels).toEqual(labels)
  }
  const message = await optionRefusalOf(() => toNetwork(single, { labels, output: 'softmax' }))
  expect(message).toContain('1 labels, or 2 with output sigmoid')
  expect((await toNetwork(single, { labels: ['cat'], output: 'softmax' })).classes.output).toBe('softmax')
})

test('too few labels of a network with a background class: both numbers that would do', async () => {
  const message = await optionRefusalOf(() => toNetwork(unnamed, { labels: ['cat'], stated: background }))
  expect(message).toContain('2 labels, or 3 with the background class')
})

test('`usualLabels` is asked for the number of answers, and only if nothing names the classes', async () => {
  const asked: number[] = []
  const usualLabels = async (answers: number) => {
    asked.push(answers)
    return { value: Array.from({ length: answers }, (_, index) => `usual ${index}`), reason: 'as many as usual' }
  }
  const stated = [factsFrom({ labels: ['a', 'b', 'c'] }, 'the publisher says so')]
  await toNetwork(unnamed, { usualLabels, labels: ['a', 'b', 'c'] })
  await toNetwork(unnamed, { usualLabels, stated })
  await toNetwork({ ...graph, metadata: { labels: ['a', 'b', 'c'] } }, { usualLabels })
  await toNetwork(own, { usualLabels })
  await toNetwork(headless, { usualLabels })
  expect(asked).toEqual([])
  const network = await toNetwork(unnamed, { usualLabels })
  expect(network.classes.labels).toEqual(['usual 0', 'usual 1', 'usual 2'])
  expect(aboutClasses(network)[1]).toBe('labels of 3 classes: as many as usual')
  expect((await toNetwork(thousand, { usualLabels })).classes.labels.length).toBe(1000)
  expect(asked).toEqual([3, 1000])
  expect((await toNetwork(unnamed, { usualLabels: async () => null })).classes.labels).toEqual([])
})

test('a description that leaves the number of classes to the definition: 1000', async () => {
  const labels = Array.from({ length: 1000 }, (_, index) => `class ${index}`)
  const { classes, ...options } = small
  const named: Network['classes'] = { labels, background: null, output: 'softmax', outputReason: "the file's metadata say so" }
  const parameters = (await toNetwork(stateDict(torchvisionNamings[0]!, { ...options, classes: 1000 }))).parameters
  const network = { ...ownNetwork, options, parameters, classes: named }
  expect((await readNetwork(toSafetensors(network))).classes).toEqual(named)
  const asked: number[] = []
  await readNetwork(toSafetensors({ ...network, classes: { ...named, labels: [] } }), {
    usualLabels: async (answers) => {
      asked.push(answers)
      return null
    },
  })
  expect(asked).toEqual([1000])
})

test('any labels, with a background class anywhere or without one, come back from a file', async () => {
  // Labels are shown on terminals and pages, so control characters are dropped from them.
  const label = fc
    .string({ unit: 'binary', maxLength: 8 })
    .filter((text) => text.trim().toLowerCase() !== 'background' && !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text))
  const classes = fc.oneof(
    fc.record({ labels: fc.array(label, { minLength: 3, maxLength: 3 }), background: fc.constant(null) }),
    fc.record({ labels: fc.array(label, { minLength: 2, maxLength: 2 }), background: fc.integer({ min: 0, max: 2 }) }),
    fc.record({ labels: fc.constant([]), background: fc.option(fc.integer({ min: 0, max: 2 })) }),
  )
  await fc.assert(
    fc.asyncProperty(classes, fc.constantFrom('softmax', 'sigmoid'), async (known, output) => {
      const named = { ...known, output, outputReason: "the file's metadata say so" }
      expect((await toNetwork(await ownCheckpoint({ classes: named }))).classes).toEqual(named)
    }),
    { numRuns: 50 },
  )
}, 60_000)

test('control characters of labels are dropped, whoever gives them', async () => {
  const labels = ['\u001b[31mcat\u0007', 'dog\twolf', '\u202ebird']
  const expected = ['[31mcat', 'dog wolf', 'bird']
  expect((await toNetwork(unnamed, { labels })).classes.labels).toEqual(expected)
  expect((await toNetwork({ ...unnamed, metadata: { labels } })).classes.labels).toEqual(expected)
})

test('a network without a classifier has no classes', async () => {
  const { classes, reasons } = await toNetwork({ ...headless, metadata: { labels: ['cat', 'dog'] } })
  expect(classes).toEqual({ labels: [], background: null, output: 'logits', outputReason: 'there is no classifier' })
  expect(reasons.filter((reason) => /label|output|background/.test(reason))).toEqual([])
})
