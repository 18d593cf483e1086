import { strToU8, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { staysInside } from '../src/beside/beside.js'
import { openFolder } from '../src/beside/folder.js'
import { readCheckpoint, readNetwork, toSafetensors } from '../src/index.js'
import { ownNetwork } from './support/checkpoints.js'
import { refusalOf } from './support/expect-refusal.js'
import { nsfwjsFiles } from './support/nsfwjs-files.js'

const read = async (name: string): Promise<Uint8Array> => strToU8(name)
const open = (...names: string[]) => openFolder({ name: 'folder', names, read })

test.each([
  ['model.safetensors', ['config.json', 'pytorch_model.bin', 'model.safetensors', 'tf_model.h5']],
  ['pytorch_model.bin', ['config.json', 'pytorch_model.bin', 'training_args.bin']],
  ['web/model.json', ['web/model.json', 'web/weights.bin', 'web/metadata.json', '__MACOSX/web/._model.json']],
  [
    'saved_model.pb',
    ['keras_metadata.pb', 'saved_model.pb', 'variables/variables.index', 'variables/variables.data-00000-of-00001'],
  ],
  ['model.ckpt-7.index', ['checkpoint', 'model.ckpt-7.index', 'model.ckpt-7.data-00000-of-00001', 'model.ckpt-7.meta']],
  ['checkpoint', ['checkpoint', 'a-1.index', 'a-1.data-00000-of-00001', 'a-2.index', 'a-2.data-00000-of-00001']],
  ['keras_model.h5', ['labels.txt', 'keras_model.h5']],
  ['best.pth.tar', ['args.yaml', 'best.pth.tar', 'summary.csv']],
  ['net.onnx', ['net.onnx', 'net.onnx.data']],
  ['model.json', ['model.json', 'old/model.json']],
  ['converted_tfjs_model.zip', ['converted_tfjs_model.zip', 'labels.txt']],
])('the checkpoint is %s', (name, names) => {
  expect(open(...names).name).toBe(name)
})

test('several checkpoints, and none, are refused with what is there', () => {
  expect(() => open('a.onnx', 'b.tflite')).toThrow(/several checkpoints[\s\S]*a\.onnx, b\.tflite/)
  expect(() => open('a/model.json', 'b/model.json')).toThrow('several checkpoints')
  expect(() => open('readme.md')).toThrow(/no checkpoint[\s\S]*readme\.md/)
  expect(() => open()).toThrow('no files')
  expect(() => open('Manifest.json', 'Data/com.apple.CoreML/model.mlmodel')).toThrow('a Core ML model')
  expect(() => open('Manifest.json', 'Data/com.apple.CoreML/model.mlmodel', 'Data/com.apple.CoreML/weights/weight.bin')).toThrow(
    'a Core ML model',
  )
  expect(() => open('model.xml', 'model.bin')).toThrow('an OpenVINO model')
  expect(() => open('model.param', 'model.bin')).toThrow('an NCNN model')
  expect(() => open('pets.json', 'group1-shard1of1.bin')).toThrow('no checkpoint')
})

test('what lies beside: the folder of the checkpoint, then those around it', async () => {
  const { beside } = open(
    'labels.txt',
    'net/labels.txt',
    'net/saved/saved_model.pb',
    'net/saved/variables/variables.index',
    'other/x.txt',
  )
  expect(beside.names).toEqual(expect.arrayContaining(['variables/variables.index', 'labels.txt', 'other/x.txt']))
  expect(await beside.read('labels.txt')).toEqual(strToU8('net/labels.txt'))
  expect(await beside.read('variables/variables.index')).toEqual(strToU8('net/saved/variables/variables.index'))
  expect(await beside.read('nothing.txt')).toBeNull()
})

test('paths through hundreds of folders take no time', () => {
  const deep = 'a/'.repeat(490)
  const names = Array.from({ length: 20_000 }, (_, index) => `${deep}${index}`)
  expect(open('model.onnx', ...names).beside.names).toEqual(['model.onnx'])
})

test('a file that is too long to describe a model is not unpacked', async () => {
  const bytes = toSafetensors({ ...ownNetwork, classes: { ...ownNetwork.classes, labels: [] } })
  const { beside } = await readCheckpoint(zipSync({ 'a.safetensors': bytes, 'labels.txt': new Uint8Array(2 ** 20) }))
  expect(await beside!.read('labels.txt', 2 ** 19)).toBeNull()
  expect((await beside!.read('labels.txt', 2 ** 20))?.length).toBe(2 ** 20)
})

test.each(['../a', 'a/../b', '/etc/passwd', 'C:\\a', 'a\\..\\b', 'http://x/y', 'a//b', '', '.', 'a\0', 'a'.repeat(2000)])(
  '%j leaves the folder',
  (path) => {
    expect(staysInside(path)).toBe(false)
  },
)

test('a model that names a file outside of its folder is refused before it is asked for', async () => {
  const asked: string[] = []
  const model = { format: 'graph-model', modelTopology: { node: [] }, weightsManifest: [{ paths: ['../secret'], weights: [] }] }
  const readSibling = async (name: string) => {
    asked.push(name)
    return null
  }
  await refusalOf(() => readCheckpoint(strToU8(JSON.stringify(model)), { readSibling }))
  expect(asked).toEqual([])
})

test('a zip of a model in several files, and what describes it', async () => {
  const { model, shards } = await nsfwjsFiles('mobilenet_v2_mid')
  const files = Object.fromEntries([...shards].map(([name, bytes]) => [`web/${name}`, bytes]))
  const zip = zipSync(
    {
      ...files,
      'web/model.json': model,
      'web/labels.txt': strToU8('0 a\n1 b\n2 c\n3 d\n4 e\n'),
      '__MACOSX/web/._model.json': strToU8('junk'),
    },
    { level: 1 },
  )
  const { classes, source, reasons } = await readNetwork(zip, { file: 'download.zip' })
  expect(classes.labels).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(source.file).toBe('download.zip: web/model.json')
  expect(reasons).toContain('labels of 5 classes: labels.txt beside the file names them')
})

test('a zip of one checkpoint, and zips that hold none or several', async () => {
  const bytes = toSafetensors(ownNetwork)
  const { classes, source } = await readNetwork(zipSync({ 'my model.safetensors': bytes, 'readme.txt': strToU8('x') }), {
    file: 'a.zip',
  })
  expect([classes.labels, source.file]).toEqual([['cat', 'dog'], 'a.zip: my model.safetensors'])
  const two = zipSync({ 'a.safetensors': bytes, 'b.safetensors': bytes })
  expect((await refusalOf(() => readNetwork(two))).message).toContain('several checkpoints')
  expect((await refusalOf(() => readNetwork(zipSync({ 'a.txt': bytes })))).message).toContain('holds no checkpoint')
  const inner = zipSync({ 'inner.zip': zipSync({ 'a.safetensors': bytes }) })
  expect((await refusalOf(() => readNetwork(inner))).message).toContain('holds no checkpoint')
})
