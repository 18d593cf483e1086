import { expect, test } from 'vitest'
import { readNetwork, toSafetensors } from '../src/index.js'
import { ownNetwork } from './support/checkpoints.js'

/** A description as version 0.1.0 wrote it: with a family at its root, and without an output. */
const before = `{"family":"TensorFlow","options":{"widthMultiplier":0.1,"headChannels":16,"height":64,"width":64,"classes":3,\
"padding":"same","batchNormEpsilon":0.001},"preprocessing":{"geometry":{"kind":"shorterSide","size":73,"rounding":"nearest"},\
"interpolation":"bilinear","mean":[0.5,0.5,0.5],"deviation":[0.5,0.5,0.5]},"backgroundClass":0,\
"labels":["background","cat","dog"]}`

/** A safetensors file with another description of its network. */
function describedBy(file: Uint8Array, description: string): Uint8Array {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true))
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as Record<string, unknown>
  const text = new TextEncoder().encode(JSON.stringify({ ...header, __metadata__: { mobilenetv2: description } }))
  const changed = new Uint8Array(8 + text.length + file.length - 8 - length)
  new DataView(changed.buffer).setBigUint64(0, BigInt(text.length), true)
  changed.set(text, 8)
  changed.set(file.subarray(8 + length), 8 + text.length)
  return changed
}

/** Such a file did not say how its output is read. */
const unsaid = { output: 'logits', outputReason: 'nothing says how the last layer is read' }

test('a file of version 0.1.0 is read as before', async () => {
  const file = describedBy(toSafetensors(ownNetwork), before)
  const { options, parameters, preprocessing, classes, source } = await readNetwork(file, { file: 'before.safetensors' })
  expect({ options, parameters, preprocessing, classes, source }).toEqual({
    options: {
      ...{ widthMultiplier: 0.1, headChannels: 16, height: 64, width: 64, classes: 3, padding: 'same', batchNormEpsilon: 0.001 },
    },
    parameters: ownNetwork.parameters,
    preprocessing: {
      geometry: { kind: 'shorterSide', size: 73, rounding: 'nearest' },
      interpolation: 'bilinear',
      mean: [0.5, 0.5, 0.5],
      deviation: [0.5, 0.5, 0.5],
    },
    classes: { labels: ['cat', 'dog'], background: 0, ...unsaid },
    source: { file: 'before.safetensors', format: 'safetensors', naming: 'mobilenetv2' },
  })
})

test.each([
  ['no labels', before.replace(/,"labels":.*\]/, ''), { labels: [], background: 0, ...unsaid }],
  [
    'a background class of another name',
    before.replace('"labels":["background"', '"labels":["none"'),
    { labels: ['cat', 'dog'], background: 0, ...unsaid },
  ],
  [
    'no background class',
    before.replace('"backgroundClass":0', '"backgroundClass":null').replace('"background"', '"bird"'),
    { labels: ['bird', 'cat', 'dog'], background: null, ...unsaid },
  ],
])('such a file with %s', async (_, description, classes) => {
  expect((await readNetwork(describedBy(toSafetensors(ownNetwork), description))).classes).toEqual(classes)
})
