// The material for testing the examples: a model, a picture, and the model's answer for the picture.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { load } from '../../packages/mobilenetv2/dist/index.js'
import { defineMobileNetV2 } from '../../packages/spec/dist/index.js'
import { seededParameters } from '../../packages/testing/dist/src/seeded.js'
import { toSafetensors } from '../../packages/weights/dist/index.js'

const drawing = fileURLToPath(new URL('../../examples/pictures/strawberry.svg', import.meta.url))

const animals = ['Ant', 'Bee', 'Cat', 'Dog', 'Emu', 'Fox', 'Gnu', 'Hen', 'Ibis', 'Jay']

/** A small model with seeded weights, in this project's own format. */
function smallModel() {
  const options = { widthMultiplier: 0.1, height: 32, width: 32, classes: animals.length, headChannels: 16 }
  return toSafetensors({
    options,
    parameters: seededParameters(defineMobileNetV2(options)),
    preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0, 0, 0], deviation: [1, 1, 1] },
    classes: { labels: animals, background: null, output: 'logits' },
  })
}

/**
 * Paths of the model and of the picture, and the model's best answer. The model is ImageNet's if `MOBILENETV2_MODELS` names a folder
 * that has it, else a small one that is written into the folder.
 */
export async function makeMaterial(folder) {
  const models = process.env.MOBILENETV2_MODELS
  const model = models ? join(models, 'tf2_mobilenet_v2_1.0_224_ptq.tflite') : join(folder, 'small.safetensors')
  if (!models) writeFileSync(model, smallModel())
  const picture = join(folder, 'strawberry.png')
  await sharp(drawing).flatten({ background: '#fff' }).png().toFile(picture)
  const loaded = await load(model, { backend: 'wasm' })
  const [best] = await loaded.classify(picture)
  loaded.dispose()
  return { model, picture, best }
}
