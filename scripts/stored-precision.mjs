// Measures on photos what storing kernels in 16 or 8 bits costs, and prints the table for docs/checkpoints.md. The ImageNet models in
// MOBILENETV2_MODELS are written with toSafetensors in each type, read back, and run on the photos in MOBILENETV2_PHOTOS. Takes some
// minutes.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const { MOBILENETV2_MODELS: models, MOBILENETV2_PHOTOS: photos } = process.env
if (!models || !photos) {
  console.error('Set MOBILENETV2_MODELS and MOBILENETV2_PHOTOS to the folders of the models and the photos.')
  process.exit(1)
}
const open = (path) => import(new URL(`../packages/${path}`, import.meta.url).href)
const [{ toSafetensors }, { load, readNetwork }] = await Promise.all([
  open('weights/dist/index.js'),
  open('mobilenetv2/dist/index.js'),
])

/** The paths of the photos in the label file. */
const files = readFileSync(join(photos, 'labels.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => join(photos, line.split(',')[0]))

/** The accuracies, and the answers for each photo. */
async function ask(bytes) {
  const model = await load(bytes)
  const { accuracy, top5 } = await model.evaluate(photos)
  const answers = []
  for await (const outcome of model.classifyBatch(files)) answers.push(outcome.answers)
  model.dispose()
  return { accuracy, top5, answers }
}

const percent = (share) => `${(100 * share).toFixed(0)} %`
console.log('| model | kernels | MB | top-1 | top-5 | same first answer | largest change of its probability |')
console.log('| --- | --- | ---: | ---: | ---: | ---: | ---: |')
for (const file of ['mobilenet_v2_1.0_224_quant.tflite', 'tf2_mobilenet_v2_1.0_224_ptq.tflite']) {
  const network = await readNetwork(join(models, file))
  let reference
  for (const dtype of ['F32', 'F16', 'I8']) {
    const bytes = toSafetensors(network, { dtype })
    const { accuracy, top5, answers } = await ask(bytes)
    reference ??= answers
    const same = answers.filter(([first], photo) => first.index === reference[photo][0].index).length
    const change = answers.reduce((most, list, photo) => {
      const [{ index, probability }] = reference[photo]
      const now = list.find((answer) => answer.index === index)?.probability ?? 0
      return Math.max(most, Math.abs(now - probability))
    }, 0)
    const megabytes = (bytes.length / 1e6).toFixed(1)
    console.log(
      `| ${file} | ${dtype} | ${megabytes} | ${percent(accuracy)} | ${percent(top5)} | ${same} of ${files.length} | ${change.toFixed(4)} |`,
    )
  }
}
