// `node described.mjs FOLDER` writes a small network with labels and a recipe in each format that has a graph, a picture, and the plain
// executors' answers for it. described.py and described_task_library.py then ask the tools of those formats. Needs packages/testing and
// packages/weights built.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineMobileNetV2, inputLength } from '@mobilenetv2/spec'
import { runIntegerReference, runReference, seededParameters, seededValues } from '@mobilenetv2/testing'
import { quantizeNetwork, toOnnx, toTfjs, toTflite } from '../../dist/index.js'

const folder = process.argv[2]
mkdirSync(folder, { recursive: true })
const options = { widthMultiplier: 0.1, height: 64, width: 64, headChannels: 24, classes: 5, padding: 'same' }
const architecture = defineMobileNetV2(options)
const parameters = seededParameters(architecture)
const classes = { labels: ['Hund, groß', 'cat "Tom"', '日本 🐈', 'cat "Tom"'], background: 2, output: 'softmax', outputReason: '' }
const recipe = { geometry: { kind: 'shorterSide', size: 70, rounding: 'torchvision' }, interpolation: 'bicubic' }
const unlike = { ...recipe, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] }
const alike = { ...recipe, mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] }
const levels = Uint8Array.from(seededValues('levels', inputLength(architecture), 0, 255), Math.round)

/** The picture, normalised as a recipe states. */
const prepared = ({ mean, deviation }) =>
  Float32Array.from(levels, (level, at) => (level / 255 - mean[at % 3]) / deviation[at % 3])

const write = (name, content) => writeFileSync(join(folder, name), content)
const network = { options, architecture, parameters, preprocessing: unlike, classes, report: { accuracy: 0.9, pictures: 40 } }
write('described.onnx', toOnnx(network))
write('described.tflite', toTflite(network))
write('described-alike.tflite', toTflite({ ...network, preprocessing: alike }))
const { modelJson, shards } = toTfjs(network)
write('model.json', JSON.stringify(modelJson))
for (const { name, bytes } of shards) write(name, bytes)

const pictures = [prepared(alike)]
const { integers } = await quantizeNetwork({ architecture, parameters, preprocessing: alike }, async function* (part) {
  for (const picture of pictures) {
    if (part.integers === null) yield runReference(part.architecture, part.parameters, picture).logits
    else {
      const [id, values] = [...runIntegerReference(part.architecture, part.integers, picture)].at(-1)
      const layer = part.integers.layers.get(id)
      const { scale } = layer.addition?.output ?? layer.output
      yield Float32Array.from(values, (value) => value * scale)
    }
  }
})
write('described-int8.tflite', toTflite({ ...network, preprocessing: alike, integers }, { dtype: 'I8' }))

write('levels.bin', levels)
const names = classes.labels.toSpliced(classes.background, 0, 'background')
const levelsOf = (values) => values.map((value) => 255 * value)
const input = prepared(unlike)
write('input.bin', new Uint8Array(input.buffer))
write(
  'expected.json',
  JSON.stringify({
    names,
    mean: levelsOf(unlike.mean),
    deviation: levelsOf(unlike.deviation),
    meanAlike: levelsOf(alike.mean),
    deviationAlike: levelsOf(alike.deviation),
    logits: [...runReference(architecture, parameters, input).logits],
    logitsAlike: [...runReference(architecture, parameters, prepared(alike)).logits],
    size: [options.height, options.width],
  }),
)
