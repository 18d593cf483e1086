import { toOnnx } from '@mobilenetv2/weights'
import * as ort from 'onnxruntime-web'
import type { Contender, Task } from '../contender.js'

/** `[1, height, width, 3]` → `[1, 3, height, width]`. */
function toChannelsFirst({ architecture, input }: Task): ort.Tensor {
  const { height, width, channels } = architecture.input
  const planes = new Float32Array(input.length)
  const pixels = height * width
  for (let channel = 0; channel < channels; channel++) {
    for (let pixel = 0; pixel < pixels; pixel++) planes[channel * pixels + pixel] = input[pixel * channels + channel] ?? 0
  }
  return new ort.Tensor('float32', planes, [1, channels, height, width])
}

/** onnxruntime-web's WebAssembly provider, one thread, its graph optimisations on. */
export const onnxruntimeWebContender: Contender = {
  name: 'onnxruntime-web-wasm',
  async prepare(task) {
    ort.env.wasm.numThreads = 1
    const session = await ort.InferenceSession.create(toOnnx(task.architecture, task.parameters), { executionProviders: ['wasm'] })
    const [inputName, outputName] = [session.inputNames[0] ?? '', session.outputNames[0] ?? '']
    const feeds = { [inputName]: toChannelsFirst(task) }
    return {
      async run() {
        const logits = (await session.run(feeds))[outputName]?.data
        if (!(logits instanceof Float32Array)) throw new TypeError('onnxruntime-web gave no float32 logits')
        return logits
      },
      dispose: () => session.release(),
    }
  },
}
