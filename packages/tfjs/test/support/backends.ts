import * as tf from '@tensorflow/tfjs-core'

/** Makes `name` tfjs's backend, once it is ready. */
export async function useBackend(name: 'cpu' | 'wasm' | 'webgpu'): Promise<void> {
  switch (name) {
    case 'cpu':
      await import('@tensorflow/tfjs-backend-cpu')
      break
    case 'wasm':
      await import('@tensorflow/tfjs-backend-wasm')
      break
    case 'webgpu':
      await import('@tensorflow/tfjs-backend-webgpu')
      break
    default:
      throw new Error(`unknown backend ${name satisfies never}`)
  }
  if (!(await tf.setBackend(name))) throw new Error(`tfjs cannot use its backend ${name} here`)
  await tf.ready()
}
