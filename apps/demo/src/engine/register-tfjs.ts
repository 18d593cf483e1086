/** The backends of TensorFlow.js that this site brings. */
export type TfjsName = 'wasm' | 'cpu'

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

/** Registers a backend with TensorFlow.js; downloads both when they are first asked for. */
export async function registerTfjs(name: TfjsName): Promise<void> {
  const tf = await import('@tensorflow/tfjs-core')
  if (tf.findBackendFactory(name) === null) await register[name]()
}
