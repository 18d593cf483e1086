// Writes align-corners.json: TensorFlow.js's resizeBilinear(picture / 255, size, alignCorners = true) on its CPU backend.
// Run: node align-corners.mjs > align-corners.json
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'

/** The noise of synthetic.py and test/synthetic.ts. */
function noise(width, height) {
  const data = new Int32Array(width * height * 3)
  for (let i = 0; i < data.length; i++) {
    const x = Math.floor(i / 3) % width
    const y = Math.floor(i / 3 / width)
    const hash = Math.imul(x + 1, 73_856_093) ^ Math.imul(y + 1, 19_349_663) ^ Math.imul((i % 3) + 1, 83_492_791)
    data[i] = ((hash >>> 8) ^ (hash >>> 17)) & 255
  }
  return data
}

const pairs = [
  [37, 29, 16, 11],
  [13, 7, 21, 12],
  [9, 9, 9, 9],
  [1, 12, 4, 5],
  [12, 1, 5, 4],
  [20, 20, 1, 1],
  [6, 14, 11, 5],
]

await tf.setBackend('cpu')
const cases = pairs.map(([width, height, toWidth, toHeight]) => {
  const picture = tf.tensor3d(noise(width, height), [height, width, 3], 'int32')
  const values = tf.image.resizeBilinear(tf.div(tf.cast(picture, 'float32'), 255), [toHeight, toWidth], true).dataSync()
  return { from: [width, height], to: [toWidth, toHeight], values: Buffer.from(Float32Array.from(values).buffer).toString('base64') }
})
console.log(JSON.stringify({ madeBy: `align-corners.mjs with TensorFlow.js ${tf.version_core}, backend cpu`, cases }, null, 1))
