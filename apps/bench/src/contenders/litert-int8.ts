import { Tensor } from '@litertjs/core'
import type { Contender } from '../contender.js'
import { levelsOf } from '../eight-bits.js'
import { compileLiteRt, runLiteRt } from './litert.js'

/** The file's output is a probability in steps of 1/256. */
const outputScale = 1 / 256
const classes = 1001

/**
 * LiteRT.js with a full-integer model: `tf2_mobilenet_v2_1.0_224_ptq.tflite`, whose weights are not those of the others, and whose
 * output are probabilities. It shows what eight bits are worth; its time stands beside the others' as another network's.
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
