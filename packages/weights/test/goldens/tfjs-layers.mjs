// Makes tfjs-layers-{uint8,uint16,float16}.json.gz with their shards, and tfjs-layers.json: a layers-model that TensorFlow.js's own
// `model.save` wrote, its weights quantised as the converter's `quantization.py` does, and the logits that TensorFlow.js gives with
// each. Needs packages/testing built.
//
// Width 0.1, channels rounded to multiples of 4, a head of 64 channels, seeded parameters; a Sequential around the network, as
// Teachable Machine has it.
import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { seededStateDict, seededValues } from '@mobilenetv2/testing'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { input, layers, loadLayersModel, model as modelOf, sequential } from '@tensorflow/tfjs-layers'

const [stem, head, classes, size] = [4, 64, 4, 64]
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
  x = normed(x, pointwise(head, 'Conv_1'), 'Conv_1_bn', true)
  return modelOf({ inputs: picture, outputs: apply(layers.globalAveragePooling2d({ name: 'pool' }), x) })
}

/** A weight with the values that a PyTorch tensor of its layer would have. */
function seededWeight({ name, shape }) {
  const [layer, variable] = name.split('/').slice(-2)
  const pytorch = { gamma: 'weight', beta: 'bias', moving_mean: 'running_mean', moving_variance: 'running_var', bias: 'bias' }
  const order = shape.length === 4 ? (variable === 'depthwise_kernel' ? [2, 3, 0, 1] : [3, 2, 0, 1]) : shape.length === 2 ? [1, 0] : [0]
  const stored = order.map((axis) => shape[axis])
  const [{ values }] = seededStateDict({ [`${layer}.${pytorch[variable] ?? 'weight'}`]: stored })
  return tf.transpose(tf.tensor(values, stored), order.map((_, axis) => order.indexOf(axis)))
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
const model = sequential({ layers: [network(), layers.dense({ units: classes, activation: 'softmax', name: 'dense_Dense1' })] })
model.setWeights(model.weights.map(seededWeight))
let artifacts
await model.save(tf.io.withSaveHandler(async (saved) => {
  artifacts = saved
  return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } }
}))
const weights = new Float32Array(tf.io.CompositeArrayBuffer.join(artifacts.weightData))
const { modelTopology, generatedBy, convertedBy, format } = artifacts
const pixels = tf.tensor(seededValues('input', size * size * 3, -1, 1), [1, size, size, 3])
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
  // The cut lies inside of a tensor, as the converter's 4 MB do.
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
