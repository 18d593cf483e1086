import { readNetwork } from '@mobilenetv2/weights'
import { type Contender, fileOf } from '../contender.js'
import { quantizedSoftmax } from '../eight-bits.js'
import { openWasm } from './open-wasm.js'

/** This project's WebAssembly backend on the file of `litert-int8`: in the file's integers, and with the same softmax after them. */
export const contender: Contender = {
  async prepare(task) {
    const { batch } = task
    const backend = await openWasm(task.threads, 'int8')
    const { architecture, parameters, integers } = await readNetwork(fileOf(task, 'model.tflite'))
    const compiled = await backend.compile(architecture, parameters, integers)
    const { classes } = architecture
    const { scale } = integers!.layers.get('classifier')!.output
    return {
      device: compiled.device,
      async run() {
        const { logits } = await compiled.run(task.input, { batch })
        const rows = Array.from({ length: batch }, (_, row) => logits.subarray(row * classes, (row + 1) * classes))
        return Float32Array.from(rows.flatMap((row) => [...quantizedSoftmax(row, scale)]))
      },
      profile: () => compiled.profile(),
    }
  },
}
