// Makes nsfwjs.json: what TensorFlow.js itself answers with the graph-model inside of npm nsfwjs 4.4.0 (`mobilenet_v2_mid`), for a
// seeded input of 0 to 1. Needs @tensorflow/tfjs, and packages/testing built.
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { seededValues } from '@mobilenetv2/testing'
import * as tf from '@tensorflow/tfjs'
import { MobileNetV2MidModel } from 'nsfwjs/models/mobilenet_v2_mid'

const { version } = createRequire(import.meta.url)('@tensorflow/tfjs/package.json')
await tf.setBackend('cpu')
const { modelTopology, weightsManifest } = (await MobileNetV2MidModel.modelJson()).default
const bundles = await Promise.all(MobileNetV2MidModel.weightBundles.map((bundle) => bundle()))
const weightData = await new Blob(bundles.map((bundle) => Buffer.from(bundle.default, 'base64'))).arrayBuffer()
const weightSpecs = weightsManifest.flatMap(({ weights }) => weights)
const graph = await tf.loadGraphModel({ load: async () => ({ modelTopology, weightSpecs, weightData }) })
const pixels = seededValues('pixels', 224 * 224 * 3, 0, 1)
const probabilities = [...(await graph.predict(tf.tensor(pixels, [1, 224, 224, 3])).data())]
const golden = { producer: `@tensorflow/tfjs ${version}`, probabilities }
writeFileSync(new URL('nsfwjs.json', import.meta.url), `${JSON.stringify(golden)}\n`)
