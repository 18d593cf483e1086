// Prints the table of docs/mobilenet-v1.md: MobileNetV1 and V2 with real weights, on the photos of the tests.
// MOBILENETV2_MODELS=… MOBILENETV2_PHOTOS=… node scripts/v1-against-v2.mjs
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

console.log('| file | input | parameters | multiply-adds | top-1 | top-5 |')
console.log('| --- | --- | ---: | ---: | ---: | ---: |')
for (const file of files) {
  const model = await load(join(models, file), { backend: 'wasm' })
  const { architecture } = model.network
  const { accuracy, top5 } = await model.evaluate(photos)
  const { height, width } = architecture.input
  const millions = (count) => `${(count / 1e6).toFixed(1)} M`
  const percent = (share) => `${(100 * share).toFixed(0)} %`
  console.log(
    `| ${file} | ${height} x ${width} | ${millions(totalParameters(architecture))} | ${millions(totalMultiplyAdds(architecture))} | ${percent(accuracy)} | ${percent(top5)} |`,
  )
  model.dispose()
}
