// Trains the network with linear bottlenecks and with ReLU6 in them on the same digits with the same seeds, draws the curves and the
// paper's spiral, and writes the results into docs/ablation.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-wasm'
import { defineMobileNetV2, totalParameters } from '@mobilenetv2/spec'
import { datasetOf, foldParameters, initialParameters, tfjs, train } from '@mobilenetv2/tfjs'
import { readDigits } from './digits.mjs'
import { drawCurves, drawPanels } from './draw.mjs'
import { lost, spiral, throughRelu } from './spiral.mjs'

const { values: given } = parseArgs({
  options: {
    seeds: { type: 'string', default: '5' },
    epochs: { type: 'string', default: '8' },
    training: { type: 'string', default: '100' },
    test: { type: 'string', default: '200' },
  },
})
const [seeds, epochs, training, test] = ['seeds', 'epochs', 'training', 'test'].map((name) => Number(given[name]))

const variants = [
  { name: 'linear bottleneck', bottleneckActivation: 'linear', colour: '#1769aa' },
  { name: 'ReLU6 bottleneck', bottleneckActivation: 'relu6', colour: '#c2410c' },
]
const network = {
  table: [
    [1, 8, 1, 1],
    [6, 8, 2, 2],
    [6, 16, 3, 2],
  ],
  stemChannels: 16,
  headChannels: 64,
  height: 28,
  width: 28,
  classes: 10,
}
const batch = 40
const startRate = 0.1
const rateOf = ({ epoch }) => (startRate * (1 + Math.cos((Math.PI * epoch) / epochs))) / 2

const docs = new URL('../../../docs/', import.meta.url)
const percent = (share) => 100 * share
const mean = (list) => list.reduce((total, value) => total + value, 0) / list.length
const deviation = (list) => Math.sqrt(list.reduce((total, value) => total + (value - mean(list)) ** 2, 0) / (list.length - 1))

async function accuracyOf(architecture, parameters, dataset) {
  const model = await tfjs().compile(architecture, parameters)
  const { height, width } = architecture.input
  const length = height * width * 3
  let right = 0
  for (let start = 0; start < dataset.labels.length; start += batch) {
    const labels = dataset.labels.slice(start, start + batch)
    const input = new Float32Array(labels.length * length)
    for (const place of labels.keys()) input.set(dataset.picture(start + place).pixels, place * length)
    const { logits } = await model.run(input, { batch: labels.length })
    labels.forEach((label, place) => {
      const row = logits.subarray(place * 10, (place + 1) * 10)
      if (row.indexOf(Math.max(...row)) === label) right += 1
    })
  }
  model.dispose()
  return right / dataset.labels.length
}

/** Test accuracy after each epoch, and the loss of the last one. */
async function trainOne(architecture, digits, seed) {
  const accuracies = []
  let resume
  let losses = []
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const result = await train({
      architecture,
      parameters: initialParameters(architecture, { seed }),
      dataset: digits.training,
      optimizer: { learningRate: rateOf, weightDecay: 4e-5 },
      epochs: epoch,
      batch,
      seed,
      ...(resume && { resume }),
    })
    resume = result.checkpoint
    losses = result.losses
    accuracies.push(await accuracyOf(architecture, foldParameters(architecture, result.unfolded), digits.test))
  }
  return { accuracies, loss: mean(losses) }
}

await tf.setBackend('wasm')
await tf.ready()
const { training: trainingExamples, test: testExamples } = readDigits(training, test)
const digits = { training: datasetOf(trainingExamples), test: datasetOf(testExamples) }
const results = new Map(variants.map(({ name }) => [name, []]))
for (let seed = 1; seed <= seeds; seed++) {
  for (const { name, bottleneckActivation } of variants) {
    const result = await trainOne(defineMobileNetV2({ ...network, bottleneckActivation }), digits, seed)
    results.get(name).push(result)
    const curve = result.accuracies.map((share) => percent(share).toFixed(1)).join(' ')
    console.log(`seed ${seed}, ${name}: ${curve} %, loss ${result.loss.toFixed(3)}`)
  }
}

const finals = (name) => results.get(name).map(({ accuracies }) => percent(accuracies.at(-1)))
const differences = finals(variants[0].name).map((value, seed) => value - finals(variants[1].name)[seed])
const rows = variants.map(({ name }) => {
  const list = finals(name)
  const cells = [mean(list).toFixed(2), deviation(list).toFixed(2), list.map((value) => value.toFixed(1)).join(', ')]
  return `| ${name} | ${cells.join(' | ')} | ${mean(results.get(name).map(({ loss }) => loss)).toFixed(3)} |`
})
const curves = variants.map(({ name, colour }) => {
  const byEpoch = Array.from({ length: epochs }, (_, epoch) =>
    results.get(name).map(({ accuracies }) => percent(accuracies[epoch])),
  )
  const over = (statistic) => byEpoch.map((list) => statistic(list))
  return { name, colour, mean: over(mean), low: over((list) => Math.min(...list)), high: over((list) => Math.max(...list)) }
})
writeFileSync(new URL('ablation-accuracy.svg', docs), drawCurves(curves, 'test accuracy, %'))

const original = spiral()
const dimensions = [2, 3, 5, 15, 30]
const returned = dimensions.map((n) => throughRelu(original, n, 1))
writeFileSync(
  new URL('ablation-spiral.svg', docs),
  drawPanels([
    { title: 'input', points: original },
    ...dimensions.map((n, index) => ({ title: `output, n = ${n}`, points: returned[index] })),
  ]),
)
const draws = Array.from({ length: 100 }, (_, seed) => seed)
const losses = dimensions.map((n) => mean(draws.map((seed) => lost(original, throughRelu(original, n, seed)))))

const parameters = totalParameters(defineMobileNetV2(network)).toLocaleString('en-US')
const block = [
  `${training * 10} digits to train on, ${test * 10} others to test on; ${parameters} parameters; ${epochs} epochs of batches of ${batch}; ${seeds} seeds; tfjs-backend-wasm, Node ${process.versions.node.split('.')[0]}.`,
  '',
  '| bottleneck | mean test accuracy, % | standard deviation | by seed | mean loss of the last epoch |',
  '| --- | ---: | ---: | --- | ---: |',
  ...rows,
  '',
  `Difference, linear minus ReLU6, of equal seeds: ${mean(differences).toFixed(2)} points on average (${differences.map((value) => value.toFixed(1)).join(', ')}), standard error ${(deviation(differences) / Math.sqrt(seeds)).toFixed(2)}.`,
  '',
  '![Test accuracy after each epoch, the mean of the seeds with the range of all](ablation-accuracy.svg)',
  '',
  `What the spiral loses, mean of 100 random matrices: ${dimensions.map((n, index) => `n = ${n}: ${losses[index].toFixed(2)}`).join('; ')}.`,
  '',
  '![A spiral, and what comes back of it through ReLU in 2, 3, 5, 15 and 30 dimensions](ablation-spiral.svg)',
].join('\n')
const page = new URL('ablation.md', docs)
const [begin, end] = ['<!-- results, written by npm run ablation -->', '<!-- end of results -->']
const before = readFileSync(page, 'utf8')
writeFileSync(page, before.replace(before.slice(before.indexOf(begin), before.indexOf(end)), `${begin}\n${block}\n\n`))
console.log(`\n${block}`)
