// Makes two models, each with the answers that TensorFlow.js gives. Needs packages/testing built.
//
// tfjs-layers-{uint8,uint16,float16}.json.gz, their shards and tfjs-layers.json: a layers-model that TensorFlow.js's own
// `model.save` wrote, its weights quantised as the converter's `quantization.py` does. Width 0.1, channels rounded to multiples of
// 4, a head of 64 channels; a Sequential around the network, as Teachable Machine has it. Parameters are as those of measured.py.
//
// teachable-machine.model.json.gz, teachable-machine.weights.bin.gz, teachable-machine.metadata.json and teachable-machine.json:
// built and saved as Teachable Machine's library does it, with dense_Dense1 and dense_Dense2 after a Sequential of the network,
// float32.
import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { seededLevels, seededStateDict, seededValues } from '@mobilenetv2/testing'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { input, layers, loadLayersModel, model as modelOf, sequential } from '@tensorflow/tfjs-layers'

const [stem, headChannels, classes, size] = [4, 64, 4, 64]
const table = [[1, 4, 1, 1], [6, 4, 2, 2], [6, 4, 3, 2], [6, 8, 4, 2], [6, 12, 3, 1], [6, 16, 3, 2], [6, 32, 1, 1]]
const blocks = table.flatMap(([t, c, n, s]) => Array.from({ length: n }, (_, index) => [t, c, index === 0 ? s : 1]))

function network() {
  const picture = input({ shape: [size, size, 3] })
  const apply = (layer, x) => layer.apply(x)
  const normed = (x, convolution, name, relu) => {
    const y = apply(layers.batchNormalization({ epsilon: 1e-3, name }), apply(convolution, x))
    return relu ? apply(layers.reLU({ maxValue: 6, name: `${name}_relu` }), y) : y
  }
  const pointwise = (filters, name) => layers.conv2d({ filters, kernelSize: 1, padding: 'same', useBias: false, name })
  let x = normed(picture, layers.conv2d({ filters: stem, kernelSize: 3, strides: 2, padding: 'same', useBias: false, name: 'Conv1' }), 'bn_Conv1', true)
  let channels = stem
  for (const [block, [t, c, strides]] of blocks.entries()) {
    const name = block === 0 ? 'expanded_conv_' : `block_${block}_`
    const shortcut = x
    if (t > 1) x = normed(x, pointwise(channels * t, `${name}expand`), `${name}expand_BN`, true)
    // Keras's own MobileNetV2 pads before a stride.
    if (strides === 2) x = apply(layers.zeroPadding2d({ padding: [[0, 1], [0, 1]], name: `${name}pad` }), x)
    const padding = strides === 2 ? 'valid' : 'same'
    x = normed(x, layers.depthwiseConv2d({ kernelSize: 3, strides, padding, useBias: false, name: `${name}depthwise` }), `${name}depthwise_BN`, true)
    x = normed(x, pointwise(c, `${name}project`), `${name}project_BN`, false)
    if (strides === 1 && c === channels) x = apply(layers.add({ name: `${name}add` }), [shortcut, x])
    channels = c
  }
  x = normed(x, pointwise(headChannels, 'Conv_1'), 'Conv_1_bn', true)
  return modelOf({ inputs: picture, outputs: apply(layers.globalAveragePooling2d({ name: 'pool' }), x) })
}

/** A weight with the values that a PyTorch tensor of its layer would have. */
function seededWeight({ name, shape }) {
  const [layer, variable] = name.split('/').slice(-2)
  const pytorch = { gamma: 'weight', beta: 'bias', moving_mean: 'running_mean', moving_variance: 'running_var', bias: 'bias' }
  const order = shape.length === 4 ? (variable === 'depthwise_kernel' ? [2, 3, 0, 1] : [3, 2, 0, 1]) : shape.length === 2 ? [1, 0] : [0]
  const stored = order.map((axis) => shape[axis])
  const [{ values }] = seededStateDict({ [`${layer}.${pytorch[variable] ?? 'weight'}`]: stored })
  const scale = variable === 'gamma' && added.has(layer) ? 0.3 : 1
  const blurred = (value) => (variable === 'depthwise_kernel' ? 0.7 * Math.abs(value) + 0.3 * value : value)
  const rounded = values.map((value) => Math.round(scale * blurred(value) * 256) / 256)
  return tf.transpose(tf.tensor(rounded, stored), order.map((_, axis) => order.indexOf(axis)))
}

/** The projections whose output is added to a shortcut. */
const added = new Set(blocks.flatMap(([, c, strides], block) => (strides === 1 && block > 0 && blocks[block - 1][1] === c ? [`block_${block}_project_BN`] : [])))

function pictures(count, seed) {
  return tf.tensor(seededLevels(count, size, seed).map((level) => level / 127.5 - 1), [count, size, size, 3])
}

/** Measures the BatchNorms on pictures, and makes the answers of the last layer vary from picture to picture. */
function settle(model, inner, before, last) {
  model.setWeights(model.weights.map(seededWeight))
  const norms = inner.layers.filter((layer) => layer.getClassName() === 'BatchNormalization')
  for (const norm of norms) norm.momentum = 0
  model.apply(pictures(24, 1), { training: true })
  for (const norm of norms) norm.momentum = 0.99
  const features = before(pictures(24, 1))
  const [kernel, bias] = last.getWeights()
  const answers = tf.matMul(features, kernel)
  const { variance } = tf.moments(answers, 0)
  // Without a bias the mean counts as well.
  const spread = tf.sqrt(bias === undefined ? tf.mean(tf.square(answers), 0) : variance)
  const scaled = tf.mul(kernel, tf.div(0.8, spread))
  const shift = tf.tensor(seededValues('classifier.shift', last.units, -0.8, 0.8))
  const centred = tf.sub(shift, tf.reshape(tf.matMul(tf.mean(features, 0, true), scaled), [last.units]))
  last.setWeights(bias === undefined ? [scaled] : [scaled, centred])
}

async function saved(model) {
  let artifacts
  await model.save(tf.io.withSaveHandler(async (given) => {
    artifacts = given
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
  }))
  return { ...artifacts, weights: new Uint8Array(tf.io.CompositeArrayBuffer.join(artifacts.weightData)) }
}

/** `quantize_weights` of tensorflowjs/quantization.py. */
function quantize(values, dtype) {
  if (dtype === 'float16') return { stored: values, quantization: { dtype } }
  const levels = dtype === 'uint8' ? 255 : 65535
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const scale = high === low ? 1 : (high - low) / levels
  const min = low <= 0 && high >= 0 && high !== low ? -Math.round(-low / scale) * scale : low
  const stored = values.map((value) => Math.min(levels, Math.max(0, Math.round((value - min) / scale))))
  return { stored, quantization: { min, scale, dtype } }
}

function halves(values) {
  return Uint16Array.from(values, (value) => {
    const bits = new Uint32Array(Float32Array.of(value).buffer)[0]
    const rounded = bits + 0xfff + ((bits >> 13) & 1)
    const exponent = ((rounded >> 23) & 255) - 112
    return exponent < 1 ? (bits >> 16) & 0x8000 : ((bits >> 16) & 0x8000) | (exponent << 10) | ((rounded >> 13) & 1023)
  })
}

await tf.setBackend('cpu')
const inner = network()
const model = sequential({ layers: [inner, layers.dense({ units: classes, activation: 'softmax', name: 'dense_Dense1' })] })
settle(model, inner, (x) => inner.predict(x), model.layers.at(-1))
const { weights: bytesOfWeights, ...artifacts } = await saved(model)
const weights = new Float32Array(bytesOfWeights.buffer)
const { modelTopology, generatedBy, convertedBy, format } = artifacts
const pixels = pictures(1, 0)
const results = {}
for (const dtype of ['uint8', 'uint16', 'float16']) {
  let at = 0
  const parts = []
  const specs = artifacts.weightSpecs.map(({ name, shape }) => {
    const length = shape.reduce((product, extent) => product * extent, 1)
    const { stored, quantization } = quantize([...weights.subarray(at, (at += length))], dtype)
    const values = dtype === 'float16' ? halves(stored) : dtype === 'uint8' ? Uint8Array.from(stored) : Uint16Array.from(stored)
    parts.push(Buffer.from(values.buffer))
    return { name, shape, dtype: 'float32', quantization }
  })
  const bytes = Buffer.concat(parts)
  const name = `tfjs-layers-${dtype}`
  // The cut lies inside of a tensor, as the converter's cuts after each 4 MB can.
  const cut = dtype === 'uint16' ? 30_001 : bytes.length
  const shards = cut === bytes.length ? [bytes] : [bytes.subarray(0, cut), bytes.subarray(cut)]
  const paths = shards.map((_, index) => `${name}-shard${index + 1}of${shards.length}.bin`)
  for (const [index, shard] of shards.entries()) writeFileSync(new URL(paths[index], import.meta.url), shard)
  const json = { format, generatedBy, convertedBy, modelTopology, weightsManifest: [{ paths, weights: specs }] }
  writeFileSync(new URL(`${name}.json.gz`, import.meta.url), gzipSync(JSON.stringify(json)))
  const read = await loadLayersModel({ load: async () => ({ modelTopology, weightSpecs: specs, weightData: new Uint8Array(bytes).buffer }) })
  const [pooled] = [read.layers[0].predict(pixels)]
  const [kernel, bias] = read.layers[1].getWeights()
  results[dtype] = [...tf.add(tf.matMul(pooled, kernel), bias).dataSync()]
}
const golden = { producer: `@tensorflow/tfjs ${tf.version_core}`, size, logits: results }
writeFileSync(new URL('tfjs-layers.json', import.meta.url), `${JSON.stringify(golden)}\n`)

const features = sequential({ layers: [network()] })
const head = sequential({
  layers: [
    layers.dense({ inputShape: [64], units: 10, activation: 'relu', name: 'dense_Dense1' }),
    layers.dense({ units: 3, activation: 'softmax', useBias: false, name: 'dense_Dense2' }),
  ],
})
const machine = sequential({ layers: [features, head] })
const hidden = (x) => head.layers[0].apply(features.predict(x))
settle(machine, features.layers[0], hidden, head.layers[1])
const made = await saved(machine)
const file = (name) => new URL(`teachable-machine.${name}`, import.meta.url)
const manifest = [{ paths: ['weights.bin'], weights: made.weightSpecs }]
const own = { modelTopology: made.modelTopology, format: made.format, generatedBy: made.generatedBy, convertedBy: made.convertedBy }
writeFileSync(file('model.json.gz'), gzipSync(JSON.stringify({ ...own, weightsManifest: manifest })))
writeFileSync(file('weights.bin.gz'), gzipSync(made.weights))
const metadata = {
  ...{ tfjsVersion: '1.7.4', tmVersion: '2.4.10', packageVersion: '0.8.5', packageName: '@teachablemachine/image' },
  ...{ timeStamp: '2026-11-29T00:00:00.000Z', userMetadata: {}, modelName: 'tm-my-image-model' },
  ...{ labels: ['manga', 'photo', 'naïve sketch'], imageSize: size },
}
writeFileSync(file('metadata.json'), `${JSON.stringify(metadata)}\n`)
const answers = { producer: `@tensorflow/tfjs ${tf.version_core}`, size, probabilities: [...machine.predict(pixels).dataSync()] }
writeFileSync(file('json'), `${JSON.stringify(answers)}\n`)
