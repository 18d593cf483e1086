import { File } from 'node:buffer'
import { createContext, runInContext } from 'node:vm'
import { expect, it } from 'vitest'
import { load, type ModelSource, type PictureSource } from '../src/index.js'
import { smallModel, smallPicture } from './small-files.js'

/** Classes of another realm, as tests in jsdom and Node's `vm` have them. */
const other = createContext({})
const inOther = <Value>(code: string): Value => runInContext(code, other) as Value

const bytesOf = (file: Uint8Array): Uint8Array =>
  inOther<(values: readonly number[]) => Uint8Array>('(values) => Uint8Array.from(values)')([...file])

/** A value whose class is none of this realm's, as those of jsdom. */
function foreign<Value extends object>(value: Value, brand: string): Value {
  const proxy = Object.create(null, { [Symbol.toStringTag]: { value: brand } })
  for (const name of [
    'name',
    'size',
    'type',
    'stream',
    'arrayBuffer',
    'status',
    'ok',
    'headers',
    'body',
    'url',
    'getReader',
    'cancel',
    'href',
    'toString',
  ]) {
    const member = Reflect.get(value, name)
    if (member !== undefined)
      Object.defineProperty(proxy, name, { value: typeof member === 'function' ? member.bind(value) : member })
  }
  return proxy
}

const forms: readonly (readonly [string, (file: Uint8Array<ArrayBuffer>) => ModelSource & PictureSource])[] = [
  ['a Uint8Array', bytesOf],
  ['an ArrayBuffer', (file) => bytesOf(file).buffer],
  [
    'a DataView',
    (file) => inOther<(buffer: ArrayBufferLike) => DataView>('(buffer) => new DataView(buffer)')(bytesOf(file).buffer),
  ],
  ['a Blob', (file) => foreign(new Blob([file]), 'Blob')],
  ['a File', (file) => foreign(new File([file], 'file') as unknown as globalThis.File, 'File')],
  ['a Response', (file) => foreign(new Response(file), 'Response')],
  ['a stream', (file) => foreign(new Blob([file]).stream(), 'ReadableStream')],
  ['a URL', (file) => foreign(new URL(`data:;base64,${Buffer.from(file).toString('base64')}`), 'URL')],
]

it.each(forms)('%s of another realm is a model and a picture', async (_, form) => {
  using model = await load(form(smallModel), { backend: 'wasm', threads: 0 })
  expect(await model.classify(form(smallPicture))).toEqual(await model.classify(smallPicture))
})

it('bytes are taken at the call: what happens to them later has no effect', async () => {
  const bytes = Buffer.from(smallModel)
  const loading = load(bytes, { backend: 'wasm', threads: 0 })
  bytes.fill(0)
  using model = await loading
  const expected = await model.classify(smallPicture)
  for (const form of [(picture: Uint8Array<ArrayBuffer>) => picture, (picture: Uint8Array<ArrayBuffer>) => picture.buffer]) {
    const picture = smallPicture.slice()
    const answering = model.classify(form(picture))
    picture.fill(0)
    expect(await answering).toEqual(expected)
  }
  /** Gives all pictures in one piece of memory, as a camera's driver does. */
  function* sameMemory(): Generator<Uint8Array> {
    const memory = smallPicture.slice()
    yield memory
    memory.fill(0)
  }
  for await (const outcome of model.classifyBatch(sameMemory())) expect(outcome).toMatchObject({ answers: expected })
  const [left, right] = [smallPicture.slice(), smallPicture.slice()]
  const comparing = model.similarity(left, right)
  right.fill(0)
  expect(await comparing).toBeCloseTo(1, 5)
  const explained = smallPicture.slice()
  const explaining = model.explain(explained)
  explained.fill(0)
  await explaining
})
