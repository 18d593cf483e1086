// Fine-tunes a pretrained MobileNetV2 on the pictures that with_keras.py prepared, and writes down what with_keras.py needs to do the same.
//   node ours.mjs MODEL FOLDER
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readNetwork, withHead } from '@mobilenetv2/weights'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-wasm'
import { cosine, encodeTrainingCheckpoint, initialParameters, train, unfoldParameters } from '../dist/index.js'
import { permutation, uniform } from '../dist/training/random.js'
import { splitLayers } from '../dist/training/trainable.js'
import { validate } from '../dist/training/validation.js'

const [model, folder] = process.argv.slice(2)
const { side, classes, labels } = JSON.parse(readFileSync(join(folder, 'data.json'), 'utf8'))
const values = new Float32Array(readFileSync(join(folder, 'pictures.f32')).buffer)
const length = side * side * 3
const beside = (name) => join(dirname(model), name)
const readSibling = async (name) => (existsSync(beside(name)) ? readFileSync(beside(name)) : null)
const network = await readNetwork(readFileSync(model), { file: model, readSibling })
const options = { ...network.options, height: side, width: side }
const features = 1280
const head = { kernel: new Float32Array(features * classes.length), bias: new Float32Array(classes.length), labels: classes }
const { mean, deviation } = network.preprocessing
writeFileSync(join(folder, 'recipe.json'), JSON.stringify({ mean, deviation }))
for (const [at, level] of values.entries()) values[at] = (level - mean[at % 3]) / deviation[at % 3]
const { architecture, parameters, batchNorms } = withHead({ ...network, options }, head)
const classifier = initialParameters(architecture, { seed: 1 }).get('classifier')
const start = new Map(unfoldParameters(architecture, parameters, batchNorms)).set('classifier', classifier)
writeFileSync(
  join(folder, 'start.safetensors'),
  encodeTrainingCheckpoint({ step: 0, seed: 0, batch: 0, data: 0, parameters: start, slots: new Map() }),
)

const datasetOf = (indices) => ({
  classNames: classes,
  labels: indices.map((index) => labels[index]),
  picture: (place) => ({
    height: side,
    width: side,
    pixels: values.subarray(indices[place] * length, (indices[place] + 1) * length),
  }),
})

await tf.setBackend('wasm')
const [batch, epochs] = [8, 15]
const trainable = { last: 10 }
const rateOf = { sgd: cosine(0.01), adam: cosine(1e-3) }
const runs = []
for (let split = 0; split < 3; split++) {
  const order = permutation(labels.length, uniform(7, split))
  const count = Math.round(0.6 * labels.length)
  const [used, test] = [[...order.slice(0, count)], [...order.slice(count)]]
  const steps = Math.floor(count / batch)
  const batches = Array.from({ length: epochs }, (_, epoch) => [...permutation(count, uniform(split, 1, epoch))]).flatMap(
    (places) =>
      Array.from({ length: steps }, (_, step) => places.slice(step * batch, (step + 1) * batch).map((place) => used[place])),
  )
  for (const kind of ['sgd', 'adam']) {
    const begin = performance.now()
    const optimizer = { kind, learningRate: rateOf[kind], weightDecay: 0 }
    const dataset = datasetOf(used)
    const training = { architecture, parameters: start, dataset, optimizer, epochs, batch, trainable, dropout: 0, seed: split }
    const { losses, unfolded } = await train(training)
    const seconds = (performance.now() - begin) / 1000
    const read = async (place) => ({ before: datasetOf(test).picture(place).pixels, shortcuts: new Map() })
    const { accuracy } = await validate(architecture, architecture.layers, unfolded, datasetOf(test), read, () => undefined)
    const all = [...permutation(count, uniform(0))].map((place) => used[place])
    runs.push({
      split,
      optimizer: kind,
      trained: splitLayers(architecture, trainable).trained.map(({ id }) => id),
      batches,
      rates: batches.map((_, step) => rateOf[kind]({ step, total: batches.length, epoch: Math.floor(step / steps) })),
      statistics: Array.from({ length: steps }, (_, step) => all.slice(step * batch, (step + 1) * batch)),
      test,
      losses,
      accuracy: 100 * accuracy,
      seconds,
    })
  }
}
writeFileSync(join(folder, 'ours.json'), JSON.stringify(runs))
