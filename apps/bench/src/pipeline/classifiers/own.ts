import { type ClassifyOptions, type LoadOptions, load } from 'mobilenetv2'
import { clocked, type PipelineModel, type Way } from '../classifier.js'

/** This project's front door, as its users write it. */
function own(file: (model: PipelineModel) => string, options: LoadOptions, decode?: ClassifyOptions['decode']): Pick<Way, 'open'> {
  return {
    async open(paths) {
      const model = await load(file(paths), options)
      const { background } = model.network.classes
      return clocked(model.device, async (photo) => {
        const { index } = (await model.classify(photo, { top: 1, decode }))[0]!
        return background !== null && index >= background ? index + 1 : index
      })
    },
  }
}

/** The WebAssembly backend in float32, on the calling thread. */
export function ownWasm(wide: boolean, decode?: ClassifyOptions['decode']): Way {
  return own(({ safetensors }) => safetensors, { backend: 'wasm', threads: 0, wide }, decode)
}

/** The WebAssembly backend in the integers of the very file that was named. */
export function ownInt8(wide: boolean, decode?: ClassifyOptions['decode']): Way {
  return {
    ...own(({ source }) => source, { backend: 'wasm', precision: 'int8', threads: 0, wide }, decode),
    note: "the file's own integers of eight bits; the others run its weights in float32, so that some answers differ",
  }
}

/** The backend on native ONNX Runtime. */
export const ownOnnxRuntime: Way = own(({ safetensors }) => safetensors, { backend: 'onnxruntime', threads: 1 })
