// Makes nsfwjs.json: what TensorFlow.js itself answers with the models inside of npm nsfwjs 4.4.0, the graph-model `mobilenet_v2_mid`
// and the layers-model `mobilenet_v2`, for a seeded input of 0 to 1. Needs packages/testing built.
import { writeFileSync } from 'node:fs'
import { seededValues } from '@mobilenetv2/testing'
import '@tensorflow/tfjs-backend-cpu'
import { loadGraphModel } from '@tensorflow/tfjs-converter'
import * as tf from '@tensorflow/tfjs-core'
import { loadLayersModel } from '@tensorflow/tfjs-layers'
import { MobileNetV2Model } from 'nsfwjs/models/mobilenet_v2'
import { MobileNetV2MidModel } from 'nsfwjs/models/mobilenet_v2_mid'

async function probabilitiesOf({ modelJson, weightBundles }, load) {
  const { modelTopology, weightsManifest } = (await modelJson()).default
  const bundles = await Promise.all(weightBundles.map((bundle) => bundle()))
  const weightData = await new Blob(bundles.map((bundle) => Buffer.from(bundle.default, 'base64'))).arrayBuffer()
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights)
  const model = await load({ load: async () => ({ modelTopology, weightSpecs, weightData }) })
  const pixels = seededValues('pixels', 224 * 224 * 3, 0, 1)
  return [...(await model.predict(tf.tensor(pixels, [1, 224, 224, 3])).data())]
}

await tf.setBackend('cpu')
const golden = {
  producer: `@tensorflow/tfjs ${tf.version_core}`,
  probabilities: await probabilitiesOf(MobileNetV2MidModel, loadGraphModel),
  layersModel: await probabilitiesOf(MobileNetV2Model, loadLayersModel),
}
writeFileSync(new URL('nsfwjs.json', import.meta.url), `${JSON.stringify(golden)}\n`)
