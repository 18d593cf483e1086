// Makes quantized.tflite and quantized-floats.tflite: two small networks with seeded weights, quantised by this project. What LiteRT
// computes in each of their layers stands in integers.json, which integers.py makes afterwards. Needs packages/testing and packages/weights
// built.
import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { defineMobileNetV2, inputLength } from '@mobilenetv2/spec'
import { runIntegerReference, runReference, seededParameters, seededValues } from '@mobilenetv2/testing'
import { quantizeNetwork, toTflite } from '../../dist/index.js'

const small = { widthMultiplier: 0.1, height: 40, width: 40, headChannels: 24, classes: 5 }
const table = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 2, 2],
]
const recipe = { geometry: { kind: 'stretch' }, interpolation: 'bilinear' }

function outputOf({ architecture, parameters, integers }, picture) {
  if (integers === null) return runReference(architecture, parameters, picture).logits
  const [id, values] = [...runIntegerReference(architecture, integers, picture)].at(-1)
  const layer = integers.layers.get(id)
  const { scale } = layer.addition?.output ?? layer.output
  return Float32Array.from(values, (value) => value * scale)
}

async function make(name, options, { mean, deviation }, classes) {
  const architecture = defineMobileNetV2(options)
  const pictures = [0, 1, 2, 3].map((seed) => {
    const levels = seededValues('levels', inputLength(architecture), 0, 255, seed)
    return levels.map((level, at) => (Math.round(level) / 255 - mean[at % 3]) / deviation[at % 3])
  })
  const preprocessing = { ...recipe, mean, deviation }
  const network = { options, architecture, parameters: seededParameters(architecture), preprocessing }
  const numbers = await quantizeNetwork(network, async function* (part) {
    for (const picture of pictures) yield outputOf(part, picture)
  })
  const file = toTflite({ ...network, ...numbers, classes }, { dtype: 'I8' })
  writeFileSync(new URL(`${name}.tflite.gz`, import.meta.url), gzipSync(file, { level: 9 }))
}

const half = [0.5, 0.5, 0.5]
const softmax = { labels: ['ant', 'bee', 'cat', 'dog', 'emu'], background: null, output: 'softmax' }
await make(
  'quantized',
  { ...small, table, padding: 'same', headLayers: [{ units: 8, activation: 'relu' }] },
  { mean: half, deviation: half },
  softmax,
)
await make(
  'quantized-floats',
  { ...small, table, padding: 'symmetric', residual: 'expansion' },
  { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  { ...softmax, output: 'sigmoid' },
)
