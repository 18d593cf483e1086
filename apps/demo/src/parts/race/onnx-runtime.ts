import { type RunnableNetwork, toOnnx } from '@mobilenetv2/weights'
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm'
import type { Racer } from './engine.js'

/** The network on ONNX Runtime's WebAssembly provider, by way of an ONNX file. One thread: more need its files as npm lays them out. */
export async function openOnnxRuntime(network: RunnableNetwork): Promise<Racer> {
  env.wasm.numThreads = 1
  env.wasm.wasmPaths = { wasm }
  const session = await InferenceSession.create(toOnnx(network), { executionProviders: ['wasm'] })
  const { height, width, channels } = network.architecture.input
  const input = new Tensor('float32', new Float32Array(channels * height * width), [1, channels, height, width])
  return {
    device: `onnxruntime-web ${env.versions.web} wasm`,
    run: () => session.run({ input }),
    dispose: () => void session.release(),
  }
}
