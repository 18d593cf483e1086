import { expect, test } from 'vitest'
import { describingNames } from '../src/facts/beside-names.js'
import { type Checkpoint, factsFrom, type Network, readCheckpoint, toNetwork, toSafetensors } from '../src/index.js'
import { huggingfaceNamings } from '../src/namings/huggingface.js'
import { timmNaming } from '../src/namings/timm.js'
import { torchvisionNamings } from '../src/namings/torchvision.js'
import { graphCheckpoint, ownCheckpoint, ownNetwork, small } from './support/checkpoints.js'
import { refusalOf } from './support/expect-refusal.js'
import { stateDict } from './support/state-dict.js'

const torchvision = stateDict(torchvisionNamings[0]!, small)
const huggingface = stateDict(huggingfaceNamings[0]!, small)
const timm = stateDict(timmNaming, small)
const graph = await graphCheckpoint()

/** A checkpoint beside these files; objects are written as JSON. */
function beside(checkpoint: Checkpoint, files: Record<string, unknown>, listed = true, self = 'model.pth') {
  const asked: string[] = []
  const contents = new Map(
    Object.entries(files).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
  const read = async (name: string): Promise<Uint8Array | null> => {
    asked.push(name)
    const text = contents.get(name)
    return text === undefined ? null : new TextEncoder().encode(text)
  }
  return { asked, checkpoint: { ...checkpoint, beside: { self, read, names: listed ? [self, ...contents.keys()] : null } } }
}

const networkBeside = (checkpoint: Checkpoint, files: Record<string, unknown>, listed = true): Promise<Network> =>
  toNetwork(beside(checkpoint, files, listed).checkpoint)

const config = {
  model_type: 'mobilenet_v2',
  id2label: { 0: 'cat', 1: 'dog', 2: 'emu' },
  ...{ image_size: 96, tf_padding: true, layer_norm_eps: 0.002, hidden_act: 'relu6', output_stride: 32 },
}
const preprocessor = {
  ...{ do_resize: true, size: { shortest_edge: 112 }, resample: 3 },
  ...{ do_center_crop: true, crop_size: { height: 96, width: 96 } },
  ...{ do_rescale: true, rescale_factor: 1 / 255, do_normalize: true, image_mean: [0.1, 0.2, 0.3], image_std: [0.4, 0.5, 0.6] },
}

test.each([true, false])("Hugging Face's two files (a folder that can be listed: %s)", async (listed) => {
  const { options, preprocessing, classes, reasons } = await networkBeside(
    huggingface,
    { 'config.json': config, 'preprocessor_config.json': preprocessor },
    listed,
  )
  expect(options).toMatchObject({ height: 96, width: 96, padding: 'same', batchNormEpsilon: 0.002 })
  expect(preprocessing).toEqual({
    geometry: { kind: 'shorterSide', size: 112, rounding: 'torchvision' },
    interpolation: 'bicubic',
    mean: [0.1, 0.2, 0.3],
    deviation: [0.4, 0.5, 0.6],
  })
  expect(classes.labels).toEqual(['cat', 'dog', 'emu'])
  expect(reasons).toContain('input 96 x 96: preprocessor_config.json beside the file says so')
  expect(reasons).toContain('BatchNorm epsilon 0.002: config.json beside the file says so')
  expect(reasons).toContain('labels of 3 classes: config.json beside the file names them in id2label')
})

test.each<[string, object, object]>([
  ['padding of PyTorch', { tf_padding: false }, { padding: 'symmetric' }],
  ['ReLU', { hidden_act: 'relu' }, { activation: 'relu' }],
  ['a size of two numbers', { image_size: [64, 96] }, { height: 64, width: 96 }],
])('config.json: %s', async (_, change, expected) => {
  expect((await networkBeside(huggingface, { 'config.json': { ...config, ...change } })).options).toMatchObject(expected)
})

test.each([
  ['hidden_act', 'swish'],
  ['output_stride', 16],
])('a state dict whose config.json has %s %s is refused; with a graph it is read', async (name, value) => {
  const files = { 'config.json': { ...config, [name]: value } }
  expect((await refusalOf(() => networkBeside(huggingface, files))).message).toContain(`${name} is ${value}`)
  expect((await networkBeside(graph, files)).classes.labels).toEqual(['cat', 'dog', 'emu'])
})

test('placeholder labels are no labels, and a config.json of another model is left out', async () => {
  const unnamed = { ...config, id2label: { 0: 'LABEL_0', 1: 'LABEL_1', 2: 'LABEL_2' } }
  expect((await networkBeside(huggingface, { 'config.json': unnamed })).classes.labels).toEqual([])
  const { classes, reasons } = await networkBeside(torchvision, { 'config.json': { ...config, model_type: 'resnet' } })
  expect(classes.labels).toEqual([])
  expect(reasons).toContain('config.json beside the file left out: its model_type is resnet')
})

test.each<[string, object, object]>([
  ['stretched', { size: { height: 96, width: 96 }, do_center_crop: false }, { geometry: { kind: 'stretch' } }],
  ['stretched, then cropped', { size: { height: 120, width: 120 } }, { geometry: { kind: 'centralFraction', fraction: 0.8 } }],
  [
    'numbers in place of objects',
    { size: 100, crop_size: 96 },
    { geometry: { kind: 'shorterSide', size: 100, rounding: 'torchvision' } },
  ],
  ['not normalised', { do_normalize: false }, { mean: [0, 0, 0], deviation: [1, 1, 1] }],
  [
    'levels',
    { do_rescale: false, image_mean: [127.5, 127.5, 127.5], image_std: [127.5, 127.5, 127.5] },
    { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
  ],
])('preprocessor_config.json: %s', async (_, change, expected) => {
  const { preprocessing } = await networkBeside(huggingface, { 'preprocessor_config.json': { ...preprocessor, ...change } })
  expect(preprocessing).toMatchObject(expected)
})

test.each([
  ['an interpolation that is not offered', { resample: 0 }, 'interpolation left out: nearest is not offered'],
  ['a side that does not cover the input', { size: { shortest_edge: 64 } }, 'geometry left out: a shorter side of 64'],
  ['pictures that are not resized', { do_resize: false }, 'geometry left out: do_resize is false'],
])('preprocessor_config.json: %s is left out, and a reason says so', async (_, change, reason) => {
  const { reasons } = await networkBeside(huggingface, { 'preprocessor_config.json': { ...preprocessor, ...change } })
  expect(reasons.find((each) => each.startsWith(reason))).toContain('(preprocessor_config.json beside the file)')
})

test('a geometry for another size than that of the network is left out', async () => {
  const { options, preprocessing, reasons } = await networkBeside(graph, { 'preprocessor_config.json': preprocessor })
  expect([options.height, preprocessing.geometry]).toEqual([64, { kind: 'shorterSide', size: 73, rounding: 'nearest' }])
  expect(reasons).toContain('geometry left out: it is for an input of 96 x 96 (preprocessor_config.json beside the file)')
  expect(preprocessing.interpolation).toBe('bicubic')
})

const pretrained = {
  input_size: [3, 96, 96],
  mean: [0.1, 0.1, 0.1],
  std: [0.2, 0.2, 0.2],
  interpolation: 'bilinear',
  crop_pct: 0.9,
  crop_mode: 'center',
}

test("timm's config.json", async () => {
  const file = { architecture: 'mobilenetv2_100', num_classes: 3, label_names: ['cat', 'dog', 'emu'], pretrained_cfg: pretrained }
  const { options, preprocessing, classes } = await networkBeside(timm, { 'config.json': file })
  expect(options).toMatchObject({ height: 96, width: 96 })
  expect(preprocessing).toEqual({
    geometry: { kind: 'shorterSide', size: 106, rounding: 'torchvision' },
    interpolation: 'bilinear',
    mean: [0.1, 0.1, 0.1],
    deviation: [0.2, 0.2, 0.2],
  })
  expect(classes.labels).toEqual(['cat', 'dog', 'emu'])
  const squash = { ...file, pretrained_cfg: { ...pretrained, crop_mode: 'squash' } }
  expect((await networkBeside(timm, { 'config.json': squash })).preprocessing.geometry).toEqual({
    kind: 'centralFraction',
    fraction: 0.9,
  })
  const { reasons } = await networkBeside(timm, {
    'config.json': { ...file, pretrained_cfg: { ...pretrained, crop_mode: 'border' } },
  })
  expect(reasons).toContain('geometry left out: crop_mode border is not offered (config.json beside the file)')
})

const teachable = { packageName: '@teachablemachine/image', labels: ['Cat', 'Dog', 'Emu'], imageSize: 64 }
const wholeSquare = {
  geometry: { kind: 'shorterSide', size: 64, rounding: 'nearest' },
  interpolation: 'bilinear',
  mean: [0.5, 0.5, 0.5],
  deviation: [0.5, 0.5, 0.5],
}

test('Teachable Machine: its metadata.json, or the names of its layers and labels.txt', async () => {
  const { preprocessing, classes } = await networkBeside(torchvision, { 'metadata.json': teachable })
  expect([preprocessing, classes.labels]).toEqual([wholeSquare, ['Cat', 'Dog', 'Emu']])
  const operators = graph.graph!.operators.map((operator, index, all) =>
    index === all.length - 1 ? { ...operator, name: 'sequential_3/dense_Dense2/MatMul' } : operator,
  )
  const exported = { ...graph, graph: { ...graph.graph!, operators } }
  const network = await networkBeside(exported, { 'labels.txt': '0 Cat\r\n1 Dog\r\n2 Emu\r\n' })
  expect([network.preprocessing, network.classes.labels]).toEqual([wholeSquare, ['Cat', 'Dog', 'Emu']])
  expect(network.reasons).toContain("mean 0.5, 0.5, 0.5: Teachable Machine's recipe, as the names of its layers are in the file")
})

test.each([
  ['labels.txt', 'cat\ndog\nemu\n'],
  ['class_names.txt', 'cat\ndog\nemu'],
  ['class_names.json', ['cat', 'dog', 'emu']],
  ['class_indices.json', { cat: 0, dog: 1, emu: 2 }],
  ['class_to_idx.json', { cat: 0, dog: 1, emu: 2 }],
  ['idx_to_class.json', { 0: 'cat', 1: 'dog', 2: 'emu' }],
  ['classes.json', { classes: ['cat', 'dog', 'emu'] }],
  ['model.txt', 'cat\ndog\nemu'],
  ['model_labels.txt', 'cat\ndog\nemu'],
  ['model.json', ['cat', 'dog', 'emu']],
  ['pet_labels.txt', 'cat\ndog\nemu'],
])('labels in %s', async (name, content) => {
  const { classes, reasons } = await networkBeside(torchvision, { [name]: content })
  expect(classes.labels).toEqual(['cat', 'dog', 'emu'])
  expect(reasons.some((reason) => reason.startsWith(`labels of 3 classes: ${name} beside the file names them`))).toBe(true)
})

test('labels of another number are left out, and another file is believed', async () => {
  const { classes, reasons } = await networkBeside(torchvision, { 'labels.txt': 'cat\ndog' })
  expect(classes.labels).toEqual([])
  expect(reasons).toContain('labels left out: labels.txt beside the file has 2 for 3 classes')
  const both = await networkBeside(torchvision, { 'labels.txt': 'cat\ndog', 'classes.txt': 'a\nb\nc' })
  expect(both.classes.labels).toEqual(['a', 'b', 'c'])
})

test('in a folder of several checkpoints only exact names, and those of the checkpoint, are taken', async () => {
  const three = 'cat\ndog\nemu'
  const files = (name: string) => ({ 'other.tflite': 'x', [name]: three })
  for (const [name, found] of [
    ['imagenet_labels.txt', 0],
    ['other_labels.txt', 0],
    ['notes.txt', 0],
    ['labels.txt', 3],
    ['model_labels.txt', 3],
  ] as const)
    expect((await networkBeside(torchvision, files(name))).classes.labels.length, name).toBe(found)
})

test.each([
  ['model2.pth', 'model2_labels.txt'],
  ['model_v2.pth', 'model_v2_labels.txt'],
  ['model-classes.onnx', 'model-classes.txt'],
  ['other.onnx', 'modern_labels.txt'],
])('beside %s, %s does not belong to model.pth', async (other, name) => {
  const { classes } = await networkBeside(torchvision, { [other]: 'x', [name]: 'cat\ndog\nemu' })
  expect(classes.labels).toEqual([])
})

test('labels of an unusual name are not taken beside another checkpoint, whatever extension this checkpoint has', async () => {
  const files = { 'other.onnx': 'x', 'imagenet_labels.txt': 'cat\ndog\nemu' }
  const { checkpoint } = beside(torchvision, files, true, 'pytorch_model.bin')
  expect((await toNetwork(checkpoint)).classes.labels).toEqual([])
})

test('padding and epsilon beside a state dict are read, though the caller gives the labels, the size and the recipe', async () => {
  const { checkpoint } = beside(huggingface, { 'config.json': { ...config, tf_padding: false } })
  const { options } = await toNetwork(checkpoint, {
    labels: ['a', 'b', 'c'],
    architecture: { height: 64, width: 64 },
    preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [1, 1, 1] },
  })
  expect(options).toMatchObject({ height: 64, padding: 'symmetric', batchNormEpsilon: 0.002 })
})

test.each<[string, string]>([
  ['numbers out of range', '{"do_resize":true,"rescale_factor":1e-320,"image_mean":[1,1,1],"image_std":[1e-320,1e-320,1e-320]}'],
  [
    'sizes that are none',
    '{"do_resize":true,"size":{"height":1e999,"width":-3},"do_center_crop":true,"crop_size":{"height":"64"}}',
  ],
  ["names of JavaScript's own", '{"do_resize":true,"__proto__":{"image_mean":[9,9,9]},"size":{"__proto__":{"shortest_edge":64}}}'],
  ['a name that is an object', '{"pretrained_cfg":{"crop_pct":0.9,"crop_mode":{"toString":1}}}'],
  ['deep lists', `{"pretrained_cfg":{"crop_pct":0.9,"crop_mode":${'['.repeat(1e5)}${']'.repeat(1e5)}}}`],
  ['an answer of a server', '{"error":"not found","status":404}'],
])('a description with %s changes nothing', async (_, text) => {
  const alone = await toNetwork(torchvision)
  const { options, preprocessing, classes } = await networkBeside(torchvision, {
    'preprocessor_config.json': text,
    'config.json': text,
  })
  expect({ options, preprocessing, classes }).toEqual({
    options: alone.options,
    preprocessing: alone.preprocessing,
    classes: alone.classes,
  })
})

test('a page of a server in place of a file is no file', async () => {
  const page = '<!doctype html><html><body>Not found</body></html>'
  const { classes, reasons } = await networkBeside(torchvision, { 'labels.txt': page, 'config.json': page }, false)
  expect(classes.labels).toEqual([])
  expect(reasons.filter((reason) => reason.includes('beside'))).toEqual([])
})

test('the caller, a publisher and the file are believed before files beside it', async () => {
  const files = { 'labels.txt': 'a\nb\nc', 'config.json': config }
  const labelled = { ...torchvision, metadata: { class_to_idx: { x: 0, y: 1, z: 2 } } }
  expect((await networkBeside(labelled, files)).classes.labels).toEqual(['x', 'y', 'z'])
  const { checkpoint } = beside(graph, files)
  const stated = [factsFrom({ labels: ['1', '2', '3'] }, 'the publisher says so')]
  expect((await toNetwork(checkpoint, { stated })).classes.labels).toEqual(['1', '2', '3'])
  expect((await toNetwork(checkpoint, { stated, labels: ['7', '8', '9'] })).classes.labels).toEqual(['7', '8', '9'])
  expect((await toNetwork(checkpoint)).options).toMatchObject({ height: 64, padding: 'same' })
})

test('what is asked for: nothing for a file of this project, few names over a network, and only what is unknown', async () => {
  const own = beside(await ownCheckpoint(), { 'labels.txt': 'a\nb\nc' }, false)
  await toNetwork(own.checkpoint)
  expect(own.asked).toEqual([])
  for (const checkpoint of [torchvision, graph]) {
    const { asked, checkpoint: unlisted } = beside(checkpoint, {}, false)
    await toNetwork(unlisted)
    expect(asked.length).toBeLessThanOrEqual(8)
    expect(new Set(asked).size).toBe(asked.length)
  }
  const described = beside(huggingface, { 'config.json': config }, false)
  await toNetwork(described.checkpoint)
  expect(described.asked).toEqual(['preprocessor_config.json', 'config.json'])
  const exported = beside({ ...graph, format: 'tfjs-layers-model' }, { 'metadata.json': teachable }, false)
  await toNetwork(exported.checkpoint)
  expect(exported.asked).toEqual(['metadata.json', 'labels.txt'])
  const labelled = beside(torchvision, {}, false)
  await toNetwork(labelled.checkpoint, { labels: ['a', 'b', 'c'] })
  expect(labelled.asked).toEqual(['preprocessor_config.json', 'config.json'])
  const listed = beside(torchvision, { 'photo.jpg': 'x', 'notes.txt': 'x' })
  await toNetwork(listed.checkpoint)
  expect(listed.asked).toEqual([])
})

test.each([
  ['https://a.example/m/my%20net.onnx?x=/y', 'my net_labels.txt'],
  ['https://a.example/o/models%2Fnet.onnx', 'net_labels.txt'],
  ['https://a.example/100%.onnx', '100%_labels.txt'],
  ['https://a.example/..%2F..%2Fnet.onnx', 'net_labels.txt'],
  ['C:\\models\\net.onnx', 'net_labels.txt'],
])('the file named after %s', async (file, name) => {
  const readSibling = async () => null
  const own = await readCheckpoint(toSafetensors(ownNetwork), { file, readSibling })
  expect(describingNames('tflite', own.beside!, { labels: true, recipe: true })).toContain(name)
})

test('a name that no path beside the file can have is not asked for', async () => {
  const { asked, checkpoint } = beside(torchvision, { 'labels:2.txt': 'a\nb\nc' }, true, '12:30.pth')
  expect((await toNetwork(checkpoint)).classes.labels).toEqual([])
  const unlisted = { self: '12:30.pth', names: null }
  expect(describingNames('tflite', { ...checkpoint.beside, ...unlisted }, { labels: true, recipe: true })).not.toContain(
    '12:30_labels.txt',
  )
  expect(asked).toEqual([])
})

test('an error of reading is passed on', async () => {
  const read = () => Promise.reject(new TypeError('the disk is broken'))
  await expect(toNetwork({ ...torchvision, beside: { self: null, names: ['labels.txt'], read } })).rejects.toThrow(
    'the disk is broken',
  )
})

test('one output with two names, and labels without a background class that is known', async () => {
  const single = stateDict(torchvisionNamings[0]!, { ...small, classes: 1 })
  expect((await networkBeside(single, { 'labels.txt': 'cat\ndog' })).classes.labels).toEqual(['cat', 'dog'])
  const { checkpoint } = beside(torchvision, { 'labels.txt': 'cat\ndog' })
  const { classes } = await toNetwork(checkpoint, { stated: [factsFrom({ background: 0 }, 'the publisher says so')] })
  expect(classes).toMatchObject({ labels: ['cat', 'dog'], background: 0 })
})

test("timm's config.json states a maximum pool; other pools than one are refused", async () => {
  const config = (pool: string) => ({
    'config.json': { architecture: 'mobilenetv2_035', global_pool: pool, pretrained_cfg: { crop_pct: 1 } },
  })
  const { options, reasons } = await networkBeside(timm, config('max'))
  expect(options.pool).toBe('max')
  expect(reasons).toContain('max pool: config.json beside the file says so')
  expect(reasons.filter((reason) => reason.includes('average pool'))).toEqual([])
  expect((await networkBeside(timm, config('avg'))).options.pool).toBeUndefined()
  const asked = await toNetwork(beside(timm, config('max')).checkpoint, { architecture: { pool: 'average' } })
  expect(asked.options.pool).toBeUndefined()
  for (const pool of ['avgmax', 'catavgmax']) {
    expect((await refusalOf(() => networkBeside(timm, config(pool)))).message).toContain(`global_pool is ${pool}`)
  }
})
