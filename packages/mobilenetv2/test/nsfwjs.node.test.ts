import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { load as loadNsfwjs } from 'nsfwjs'
import { beforeAll, expect, it } from 'vitest'
import { load } from '../src/load.js'

/** A picture from a formula: waves of colour, different ones for each number. */
function wavyPicture(number: number, width: number, height: number) {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const wave = Math.sin((x * (number + 1)) / 17 + channel) + Math.cos((y * (number + 2)) / 23 - channel)
        data[(y * width + x) * 3 + channel] = Math.round(127.5 + 63 * wave)
      }
    }
  }
  return { data, width, height }
}

const sizes = [
  [224, 224],
  [300, 200],
  [97, 411],
  [640, 480],
  [50, 60],
  [225, 223],
  [512, 512],
  [1, 1],
  [1000, 40],
  [333, 222],
] as const

beforeAll(async () => {
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
  setWasmPaths(`${folder}/`)
  await tf.setBackend('wasm')
})

it.each([
  ['MobileNetV2Mid', 'nsfw-1.4-224'],
  ['MobileNetV2', 'nsfw-1.0-224'],
] as const)("gives nsfwjs's own probabilities for its %s, within 1e-3", async (name, id) => {
  const theirs = await loadNsfwjs(name)
  using ours = await load(id)
  for (const [number, [width, height]] of sizes.entries()) {
    const picture = wavyPicture(number, width, height)
    const tensor = tf.tensor3d(picture.data, [height, width, 3], 'int32')
    const expected = new Map((await theirs.classify(tensor)).map((answer) => [answer.className as string, answer.probability]))
    tensor.dispose()
    const answers = await ours.classify(picture)
    expect(answers.map(({ label }) => label).sort()).toEqual([...expected.keys()].sort())
    for (const { label, probability } of answers) {
      expect(Math.abs(probability - (expected.get(label) ?? Number.NaN)), `${label} at ${width} x ${height}`).toBeLessThan(1e-3)
    }
  }
  theirs.dispose()
})
