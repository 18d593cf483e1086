// The table of docs/mobilenet-v1.md: MobileNetV1 and V2 with real weights, on the photos of the tests.
// MOBILENETV2_MODELS=… MOBILENETV2_PHOTOS=… node scripts/v1-against-v2.mjs
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from '../packages/mobilenetv2/dist/index.js'
import { totalMultiplyAdds, totalParameters } from '../packages/spec/dist/index.js'

const { MOBILENETV2_MODELS: models, MOBILENETV2_PHOTOS: photos } = process.env
if (!models || !photos) {
  console.error('Set MOBILENETV2_MODELS and MOBILENETV2_PHOTOS to the folders of the models and the photos.')
  process.exit(2)
}
const files = [
  'mobilenet_v1_0.25_128_quant.tflite',
  'mobilenet_v1_0.75_192_quant.tflite',
  'mobilenet_v2_1.0_224_quant.tflite',
  'tf2_mobilenet_v2_1.0_224_ptq.tflite',
]
const rows = readFileSync(join(photos, 'labels.csv'), 'utf8').trim().split(/\r?\n/).slice(1)
const pictures = rows.map((row) => ({ file: row.split(',')[0], index: Number(row.split(',')[1]) }))

console.log('| file | input | parameters | multiply-adds | top-1 | top-5 |')
console.log('| --- | --- | ---: | ---: | ---: | ---: |')
for (const file of files) {
  const model = await load(join(models, file), { backend: 'wasm' })
  const { architecture } = model.network
  const hits = [0, 0]
  for (const { file: picture, index } of pictures) {
    const answers = await model.classify(join(photos, picture), { top: 5 })
    if (answers[0].index === index) hits[0] += 1
    if (answers.some((answer) => answer.index === index)) hits[1] += 1
  }
  const { height, width } = architecture.input
  const millions = (count) => `${(count / 1e6).toFixed(1)} M`
  const percent = (count) => `${((100 * count) / pictures.length).toFixed(0)} %`
  console.log(
    `| ${file} | ${height} x ${width} | ${millions(totalParameters(architecture))} | ${millions(totalMultiplyAdds(architecture))} | ${percent(hits[0])} | ${percent(hits[1])} |`,
  )
  model.dispose()
}
