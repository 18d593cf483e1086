import { expectAllClose } from '@mobilenetv2/testing'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { readCheckpoint, readNetwork } from '../src/index.js'
import { refusalOf } from './support/expect-refusal.js'
import { golden, goldenBytes } from './support/goldens.js'
import { logitsOf, type ProducersAnswer } from './support/logits-of.js'
import { checkpointFiles, frozenFiles, savedModelFiles, type TensorflowFiles } from './support/tensorflow-files.js'

const goldens: readonly (readonly [name: string, format: string, files: TensorflowFiles])[] = [
  ['tensorflow-keras2', 'tensorflow-saved-model', savedModelFiles('tensorflow-keras2')],
  ['tensorflow-keras3', 'tensorflow-saved-model', savedModelFiles('tensorflow-keras3')],
  ['tensorflow-frozen', 'tensorflow-graph', frozenFiles('tensorflow-frozen')],
  ['tensorflow-checkpoint', 'tensorflow-checkpoint', checkpointFiles('tensorflow-checkpoint')],
  ['tensorflow-slim', 'tensorflow-checkpoint', checkpointFiles('tensorflow-slim')],
]

test.each(goldens)(
  "%s: TensorFlow's logits within 1e-5 of the largest, from the file and those beside it",
  async (name, format, files) => {
    const { size, batch, logits } = golden<ProducersAnswer>(`${name}.json`)
    const network = await readNetwork(files.bytes, files.options)
    expect(network.source.format).toBe(format)
    expect(network.options).toMatchObject({ classes: 3, padding: 'same', batchNormEpsilon: 1e-3 })
    expect(network.architecture.layers.filter(({ id }) => id.endsWith('.depthwise'))).toHaveLength(
      network.source.naming === 'structural' ? 8 : 17,
    )
    expectAllClose(logitsOf(network, size, batch), logits, { relative: 1e-5 })
    // The logits depend on the padding and on the shortcuts.
    for (const change of [{ padding: 'symmetric' }, { residual: 'none' }] as const) {
      const other = logitsOf({ ...network, options: { ...network.options, ...change } }, size, batch)
      expect(Math.max(...other.map((logit, index) => Math.abs(logit - logits[index]!)))).toBeGreaterThan(0.03)
    }
  },
)

test('graphs state their size, their padding and their softmax', async () => {
  for (const files of [
    savedModelFiles('tensorflow-keras2'),
    savedModelFiles('tensorflow-keras3'),
    frozenFiles('tensorflow-frozen'),
  ]) {
    const { options, classes } = await readNetwork(files.bytes, files.options)
    expect({ ...options, output: classes.output }).toMatchObject({ height: 64, width: 64, output: 'softmax' })
  }
})

test("a checkpoint's tensors have Keras's names, and those of its optimizer their keys; weights are views of the data", async () => {
  const { bytes, options, siblings } = checkpointFiles('tensorflow-checkpoint')
  const { tensors } = await readCheckpoint(bytes, options)
  expect([...tensors.keys()].slice(0, 3)).toEqual(['Conv1/kernel', 'bn_Conv1/beta', 'bn_Conv1/gamma'])
  expect(tensors.has('expanded_conv_depthwise/kernel')).toBe(true)
  expect([...tensors.keys()].at(-1)).toMatch(/^(optimizer|save_counter)/)
  expect(tensors.get('Conv1/kernel')!.bytes.buffer).toBe(siblings.get('tensorflow-checkpoint.data-00000-of-00001')!.buffer)
})

test("slim's variables keep their names", async () => {
  const { bytes, options } = checkpointFiles('tensorflow-slim')
  const { tensors } = await readCheckpoint(bytes, options)
  expect([...tensors.keys()]).toEqual(expect.arrayContaining(['MobilenetV2/Conv/weights', 'global_step']))
})

test('the folder of variables of a SavedModel is a checkpoint, of which copies are left out', async () => {
  const { siblings, options } = savedModelFiles('tensorflow-keras3')
  const { tensors } = await readCheckpoint(siblings.get('variables/variables.index')!, {
    file: 'variables.index',
    readSibling: async (name) => options.readSibling!(`variables/${name}`),
  })
  expect(tensors.has('Conv1/kernel')).toBe(true)
  expect([...tensors.keys()].filter((name) => name.includes('kernel'))).toHaveLength(26)
})

test('a checkpoint is found by any of its files: the data, and the list that names the latest', async () => {
  const { siblings, options } = checkpointFiles('tensorflow-slim')
  const { readSibling } = options
  const name = 'tensorflow-slim.data-00000-of-00001'
  const list = new TextEncoder().encode('model_checkpoint_path: "/home/a/train/tensorflow-slim"\nall_model_checkpoint_paths: "b"\n')
  for (const [file, bytes] of [
    [name, siblings.get(name)!],
    ['checkpoint', list],
  ] as const) {
    const { tensors, format } = await readCheckpoint(bytes, { file, readSibling })
    expect({ format, found: tensors.has('MobilenetV2/Conv/weights') }).toEqual({ format: 'tensorflow-checkpoint', found: true })
  }
})

test('a checkpoint at an address with percent signs is named as its files are', async () => {
  const { bytes, siblings } = checkpointFiles('tensorflow-slim')
  const { tensors } = await readCheckpoint(bytes, {
    file: 'https://a.example/my%20net.index?key=%2Fa',
    readSibling: async (name) => siblings.get(name.replace('my net', 'tensorflow-slim')) ?? null,
  })
  expect(tensors.has('MobilenetV2/Conv/weights')).toBe(true)
})

test('a file of a checkpoint or a SavedModel alone says what else is needed', async () => {
  const index = goldenBytes('tensorflow-slim.index')
  const data = goldenBytes('tensorflow-slim.data-00000-of-00001')
  const saved = goldenBytes('tensorflow-keras2-saved_model.pb')
  const nothing = async (): Promise<null> => null
  for (const [bytes, options, message] of [
    [index, {}, 'Give NAME.index'],
    [index, { readSibling: nothing }, 'Give NAME.index'],
    [index, { file: 'a.index', readSibling: nothing }, 'a.data-00000-of-00001'],
    [data, { file: 'a.data-00000-of-00001' }, 'Give NAME.index'],
    [data, { file: 'a.data-00000-of-00001', readSibling: nothing }, 'Give NAME.index'],
    [saved, {}, 'variables/variables.index'],
    [saved, { readSibling: nothing }, 'variables/variables.index'],
  ] as const) {
    expect((await refusalOf(() => readCheckpoint(bytes, options))).message).toContain(message)
  }
})

test('a zip of a checkpoint, and one of several with the list that names the latest', async () => {
  const one = Object.fromEntries(checkpointFiles('tensorflow-slim').siblings)
  const [index, data] = ['tensorflow-slim.index', 'tensorflow-slim.data-00000-of-00001'].map((name) => one[name]!)
  const list = new TextEncoder().encode('model_checkpoint_path: "tensorflow-slim"')
  const several = { ...one, 'older.index': index!, 'older.data-00000-of-00001': data!, checkpoint: list }
  for (const files of [one, several]) {
    const { format, tensors } = await readCheckpoint(zipSync(files, { level: 0 }), { file: 'a.zip' })
    expect({ format, found: tensors.has('MobilenetV2/Conv/weights') }).toEqual({ format: 'tensorflow-checkpoint', found: true })
  }
})
