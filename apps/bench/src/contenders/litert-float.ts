import { Tensor } from '@litertjs/core'
import type { Contender } from '../contender.js'
import { compileLiteRt, runLiteRt } from './litert.js'

/** LiteRT.js (XNNPACK) with the model in float32. The exported file takes one picture, so a batch is one run for each picture. */
export const contender: Contender = {
  async prepare(task) {
    const model = await compileLiteRt(task)
    const { classes } = task
    const { height, width, channels } = task.picture
    const values = height * width * channels
    return {
      device: null,
      async run() {
        const logits = new Float32Array(task.batch * classes)
        for (let index = 0; index < task.batch; index++) {
          const tensor = Tensor.fromTypedArray(task.input.subarray(index * values, (index + 1) * values), [
            1,
            height,
            width,
            channels,
          ])
          logits.set(await runLiteRt(model, tensor, (output) => output.toTypedArray() as Float32Array), index * classes)
        }
        return logits
      },
    }
  },
}
