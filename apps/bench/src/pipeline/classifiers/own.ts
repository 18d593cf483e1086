import { type ClassifyOptions, type LoadOptions, load } from 'mobilenetv2'
import { clocked, type PipelineModel, type Way } from '../classifier.js'

/** This project's `load` and `classify`, as its users call them. */
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

/** The WebAssembly backend in the integers of the source file. */
export function ownInt8(wide: boolean, decode?: ClassifyOptions['decode']): Way {
  return {
    ...own(({ source }) => source, { backend: 'wasm', precision: 'int8', threads: 0, wide }, decode),
    note: 'runs the eight-bit integers of the file; the other ways run its weights in float32, so some answers differ',
  }
}

/** This project's backend on native ONNX Runtime. */
export const ownOnnxRuntime: Way = own(({ safetensors }) => safetensors, { backend: 'onnxruntime', threads: 1 })
