import { defineMobileNetV2, isWeighted, MobileNetV2Error } from '@mobilenetv2/spec'
import { wasm } from '../../src/index.js'

/** Compiles and runs a network. The result goes to the page's parent. */
async function answer(): Promise<unknown> {
  const { threads: asked, worker } = document.documentElement.dataset
  const architecture = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })
  const parameters = architecture.layers.filter(isWeighted).map(({ id, kernelShape, biasLength }) => {
    const kernel = new Float32Array(kernelShape.reduce((product, size) => product * size, 1))
    return [id, { kernel, bias: new Float32Array(biasLength) }] as const
  })
  try {
    using model = await wasm({ threads: asked ? Number(asked) : undefined, workerUrl: worker || undefined }).compile(
      architecture,
      new Map(parameters),
    )
    const { logits } = await model.run(new Float32Array(32 * 32 * 3))
    return { device: model.device, logits: logits.length }
  } catch (error) {
    if (!(error instanceof MobileNetV2Error)) return String(error)
    return { code: error.code, remedy: error.details.remedy }
  }
}

parent.postMessage(await answer(), '*')
