import type { Backend } from '@mobilenetv2/spec'

/** The backends of TensorFlow.js that this site brings. */
export type TfjsName = 'wasm' | 'cpu'

/** Makes one of its backends the current one of TensorFlow.js; downloads it when it is first asked for. */
export async function setTfjs(name: TfjsName): Promise<void> {
  const tf = await import('@tensorflow/tfjs-core')
  if (tf.findBackendFactory(name) === null) await register[name]()
  if (tf.getBackend() !== name && !(await tf.setBackend(name))) throw new Error(`TensorFlow.js cannot start its backend ${name}.`)
  await tf.ready()
}

const register: Readonly<Record<TfjsName, () => Promise<void>>> = {
  async wasm() {
    const [{ setWasmPaths }, { env }, plain, simd] = await Promise.all([
      import('@tensorflow/tfjs-backend-wasm'),
      import('@tensorflow/tfjs-core'),
      import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'),
      import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'),
    ])
    // Its threads start from the text of a function, which does not survive a bundler; their file is never fetched.
    env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
    setWasmPaths({
      'tfjs-backend-wasm.wasm': plain.default,
      'tfjs-backend-wasm-simd.wasm': simd.default,
      'tfjs-backend-wasm-threaded-simd.wasm': simd.default,
    })
  },
  async cpu() {
    await import('@tensorflow/tfjs-backend-cpu')
  },
}

/** This project's network on one backend of TensorFlow.js, which each use makes the current one. */
export async function openTfjs(name: TfjsName): Promise<Backend> {
  await setTfjs(name)
  const { tfjs } = await import('@mobilenetv2/tfjs')
  return tfjs({ backend: name })
}
