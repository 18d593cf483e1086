import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import * as tf from '@tensorflow/tfjs-core'
import { explainLoadFailure, type LoadFailure } from './load-failure.js'
import { applyNodeShims } from './node-shims.js'

/** The backend of tfjs-node, with the members that other backends of TensorFlow.js do not have. */
export interface NodeBackend extends tf.KernelBackend {
  readonly isUsingGpuDevice: boolean
  readonly binding: { readonly TF_Version: string }
}

/** TensorFlow's binding after it was loaded. */
export interface TensorFlow {
  readonly backend: NodeBackend
  readonly version: string
  readonly usesGpu: boolean
}

/** The name under which tfjs-node registers its backend. */
export const tfjsBackendName = 'tensorflow'

let loaded: TensorFlow | LoadFailure | null = null

function load(): TensorFlow | LoadFailure {
  try {
    applyNodeShims()
    // `require` finds packages in NODE_PATH too, and `import` does not. The package is CommonJS.
    createRequire(import.meta.url)('@tensorflow/tfjs-node-gpu')
  } catch (error) {
    return explainLoadFailure(error)
  }
  const backend = tf.findBackend(tfjsBackendName) as NodeBackend | null
  if (backend === null) {
    return {
      kind: 'other',
      reason: 'The binding was loaded, but it registered its backend in another copy of @tensorflow/tfjs-core.',
      remedy: 'Run npm dedupe, so that there is only one copy of @tensorflow/tfjs-core.',
    }
  }
  return { backend, version: backend.binding.TF_Version, usesGpu: backend.isUsingGpuDevice }
}

/** TensorFlow's binding, which is loaded at the first call; or the reason why it cannot be loaded. */
export function tensorFlow(): TensorFlow | LoadFailure {
  loaded ??= load()
  return loaded
}

/** The names of the GPUs that NVIDIA's driver lists; none if there is no driver. */
export async function gpuNames(): Promise<readonly string[]> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], { timeout: 10_000 })
    return stdout.split('\n').filter((line) => line.trim() !== '')
  } catch {
    return []
  }
}

/** The text of a model's `device`: the GPU's name or the CPU, and TensorFlow's version. */
export async function deviceName({ usesGpu, version }: TensorFlow): Promise<string> {
  if (!usesGpu) return `cpu (TensorFlow ${version})`
  const [name = 'NVIDIA GPU'] = await gpuNames()
  return `${name} (TensorFlow ${version})`
}
