import { expect, test } from 'vitest'
import { readCheckpoint } from '../src/index.js'
import { refusalOf } from './support/expect-refusal.js'

const latin = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))

/** A protobuf message as Core ML writes it: its version, a description of one byte, and a network in field 500. */
const coreMl = Uint8Array.of(0x08, 4, 0x12, 1, 0, 0xa2, 0x1f, 2, 0, 0)

test.each<[string, Uint8Array | string, string, string]>([
  ['model.pth', '', 'empty', 'again'],
  ['model.pth', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\n', 'Git LFS', 'git lfs pull'],
  ['model.pth', '<!DOCTYPE html><html><head>', 'an HTML page', '/resolve/'],
  ['model.pth', '\xef\xbb\xbf\n<html>', 'an HTML page', '/resolve/'],
  ['model.pth', '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>', 'an XML document', 'browser'],
  ['model.xml', '<?xml version="1.0"?>\n<net name="m" version="11">', 'an OpenVINO model', 'ONNX'],
  [
    'model.json',
    '{"tfjsVersion":"1.3.1","packageName":"@teachablemachine/image"}',
    "Teachable Machine's metadata.json",
    'Give model.json',
  ],
  ['model.json', '{"model_type":"mobilenet_v2","id2label":{}}', 'a configuration', 'model.safetensors'],
  ['model.json', '{"version":"1.0","added_tokens":[]}', 'a tokenizer', 'MobileNet'],
  ['model.json', '{"metadata":{},"weight_map":{}}', 'several files', 'one file'],
  ['model.json', '{"class_name":"Functional","config":{}}', 'without weights', '.keras'],
  ['model.json', '{"itemInfoEntries":{}}', 'Core ML package', 'ONNX'],
  ['model.json', '{"cat":0,"dog":1}', 'no TensorFlow.js model', 'labels'],
  ['weights.bin', '\x00\x01\x80\xff', 'weights without their description', 'model.json'],
  ['group1-shard1of1', '\x00\x01\x80\xff', 'weights without their description', 'model.json'],
  ['model.mlmodel', coreMl, 'a Core ML model', 'ONNX'],
  ['model.mil', 'program(1.0)\n', 'a Core ML program', 'ONNX'],
  ['model.param', '7767517\n75 83\n', 'an NCNN model', 'ONNX'],
  ['model.ort', '\x20\x00\x00\x00ORTM', "ONNX Runtime's own format", '.onnx'],
  ['a.jpg', '\xff\xd8\xff\xe0', 'a picture', 'classify()'],
  ['a.png', '\x89PNG\r\n\x1a\n', 'a picture', 'classify()'],
  ['a.gif', 'GIF89a', 'a picture', 'classify()'],
  ['a.webp', 'RIFF\x00\x00\x00\x00WEBPVP8 ', 'a picture', 'classify()'],
  ['a.svg', '<svg xmlns="http://www.w3.org/2000/svg">', 'a picture', 'classify()'],
  ['a.tar.gz', '\x1f\x8b\x08', 'a compressed archive', 'Unpack'],
  ['a.pdf', '%PDF-1.7', 'a PDF', 'checkpoint'],
  ['labels.txt', 'cat\ndog\n', 'a text file', 'option `labels`'],
])('%s: says what it is, and what to give (%#)', async (file, content, what, remedy) => {
  const bytes = typeof content === 'string' ? latin(content) : content
  const error = await refusalOf(() => readCheckpoint(bytes, { file }))
  expect(error.what).toContain(what)
  expect(error.details.remedy).toContain(remedy)
  expect(error.file).toBe(file)
})

test('a damaged model is not called something else', async () => {
  const error = await refusalOf(() => readCheckpoint(latin('{"modelTopology":{"node":[]},"weightsManifest":[')))
  expect(error.what).toContain('begins like JSON')
})

test('a part of a checkpoint in several files is refused, as it may look like a shorter network', async () => {
  const bytes = latin('\x08\x00\x00\x00\x00\x00\x00\x00{}      ')
  for (const file of ['model-00001-of-00002.safetensors', 'pytorch_model-00002-of-00003.bin']) {
    const error = await refusalOf(() => readCheckpoint(bytes, { file }))
    expect(error.what).toContain('a part of a checkpoint')
    expect(error.details.remedy).toContain('one file')
  }
  expect((await readCheckpoint(bytes, { file: 'model-00001-of-00001.safetensors' })).tensors.size).toBe(0)
})
