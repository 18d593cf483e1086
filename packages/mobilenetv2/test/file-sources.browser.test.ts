import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { toSafetensors, toTfjs } from '@mobilenetv2/weights'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { load, type ModelSource, readNetwork } from '../src/index.js'

const options = { widthMultiplier: 0.1, height: 32, width: 32, classes: 3, headChannels: 16 }
const architecture = defineMobileNetV2({ ...options, padding: 'same' })
const parameters = seededParameters(architecture)
const { modelJson, shards } = toTfjs({ architecture, parameters })
const labels = ['Cat', 'Dog', 'Emu']
const utf8 = (value: object): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value))

/** What Teachable Machine exports: a model of TensorFlow.js in two files, and one that names its classes. */
const contents: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  'model.json': utf8(modelJson),
  ...Object.fromEntries(shards.map(({ name, bytes }) => [name, bytes.slice()])),
  'metadata.json': utf8({ packageName: '@teachablemachine/image', labels, imageSize: 32 }),
}

/** Such files, as a field for folders gives them: with their paths. */
function filesIn(folder: string): File[] {
  return Object.entries(contents).map(([name, bytes]) => {
    const file = new File([bytes], name)
    return folder === '' ? file : Object.defineProperty(file, 'webkitRelativePath', { value: `${folder}/${name}` })
  })
}

/** The files of a field in which a user has chosen these. */
function chosen(files: readonly File[]): FileList {
  const { items, files: list } = new DataTransfer()
  for (const file of files) items.add(file)
  return list
}

const grey = { data: new Uint8Array(32 * 32 * 3).fill(99), width: 32, height: 32 }
const zip = new File([zipSync({ ...contents })], 'converted_tfjs_model.zip')
const zipOfFolder = new File([zipSync({ 'my model/': {}, 'my model': { ...contents } })], 'my model.zip')

describe('the files of a model, with the labels of metadata.json', () => {
  it.each<[string, ModelSource]>([
    ['an array of them, as they are dropped', filesIn('')],
    ['those of a field', chosen(filesIn(''))],
    ['those of a folder, with their paths', filesIn('my model')],
    ['one zip', zip],
    ['one zip of a folder', zipOfFolder],
    ['a field of one zip', chosen([zip])],
    ['a zip beside other files', [new File(['notes'], 'notes.md'), zip]],
  ])('%s', async (_, source) => {
    using model = await load(source, { backend: 'wasm', threads: 0 })
    const { classes, preprocessing } = model.network
    expect([classes.labels, preprocessing.geometry.kind]).toEqual([labels, 'shorterSide'])
    const [best] = await model.classify(grey)
    expect(labels).toContain(best!.label)
  })

  it('without a part of the model: its name', async () => {
    const [, shard] = filesIn('')
    const others = filesIn('').filter(({ name }) => name !== shard!.name)
    await expect(readNetwork(others)).rejects.toMatchObject({ code: 'CHECKPOINT', message: expect.stringContaining(shard!.name) })
  })
})

describe('a folder on a server', () => {
  const own = toSafetensors({
    options: { ...options, padding: 'same' },
    parameters,
    preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [1, 1, 1] },
    classes: { labels, background: null, output: 'softmax' },
  })

  /** A server of these files, and what it was asked for. */
  function server(files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>) {
    const asked: string[] = []
    return {
      asked,
      async fetch(input: RequestInfo | URL): Promise<Response> {
        const name = String(input).replace(/^.*\//, '')
        asked.push(name)
        return name in files ? new Response(files[name]!) : new Response('<!doctype html>', { status: 404 })
      },
    }
  }

  it.each([['metadata.json'], ['labels.txt']])('names the classes in %s; files that are not there are no errors', async (name) => {
    const { [name]: named = new TextEncoder().encode(labels.join('\n')), 'metadata.json': _, ...model } = contents
    const { fetch, asked } = server({ ...model, [name]: named })
    expect((await readNetwork('https://host/folder/model.json', { fetch })).classes.labels).toEqual(labels)
    expect(asked).toContain(name)
  })

  it("is asked for nothing beside this project's own file", async () => {
    const { fetch, asked } = server({ 'model.safetensors': own.slice() })
    expect((await readNetwork('https://host/folder/model.safetensors', { fetch })).classes.labels).toEqual(labels)
    expect(asked).toEqual(['model.safetensors'])
  })
})
