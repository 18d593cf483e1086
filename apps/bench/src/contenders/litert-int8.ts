import { Tensor } from '@litertjs/core'
import type { Contender } from '../contender.js'
import { levelsOf } from '../eight-bits.js'
import { compileLiteRt, runLiteRt } from './litert.js'

/** The file's outputs are probabilities in steps of 1/256. */
const outputScale = 1 / 256
const classes = 1001

/**
 * LiteRT.js with the full-integer model `tf2_mobilenet_v2_1.0_224_ptq.tflite`. Its weights differ from those of the other contenders, and
 * its outputs are probabilities. Its time shows the gain of eight bits; it is the time of another network.
 */
export const contender: Contender = {
  async prepare(task) {
    const model = await compileLiteRt(task)
    const { height, width, channels } = task.picture
    const values = height * width * channels
    const pixels = levelsOf(task.input)
    return {
      device: null,
      async run() {
        const probabilities = new Float32Array(task.batch * classes)
        for (let index = 0; index < task.batch; index++) {
          const tensor = Tensor.fromTypedArray(pixels.subarray(index * values, (index + 1) * values), [1, height, width, channels])
          probabilities.set(await runLiteRt(model, tensor, (output) => output.toTypedArray()), index * classes)
        }
        return probabilities.map((steps) => steps * outputScale)
      },
    }
  },
}
