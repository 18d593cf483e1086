import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import * as tf from '@tensorflow/tfjs-core'
import { explainLoadFailure, type LoadFailure } from './load-failure.js'
import { applyNodeShims } from './node-shims.js'

/** What tfjs-node's backend tells beside what every tfjs backend does. */
export interface NodeBackend extends tf.KernelBackend {
  readonly isUsingGpuDevice: boolean
  readonly binding: { readonly TF_Version: string }
}

/** TensorFlow as it was loaded. */
export interface TensorFlow {
  readonly backend: NodeBackend
  readonly version: string
  readonly usesGpu: boolean
}

/** tfjs's name of the backend that tfjs-node registers. */
export const tfjsBackendName = 'tensorflow'

let loaded: TensorFlow | LoadFailure | null = null

function load(): TensorFlow | LoadFailure {
  try {
    applyNodeShims()
    // By require, as the package is CommonJS, and so that NODE_PATH may say where it is.
    createRequire(import.meta.url)('@tensorflow/tfjs-node-gpu')
  } catch (error) {
    return explainLoadFailure(error)
  }
  const backend = tf.findBackend(tfjsBackendName) as NodeBackend | null
  if (backend === null) {
    return {
      kind: 'other',
      reason: 'The binding was loaded, but this copy of @tensorflow/tfjs-core does not have its backend.',
      remedy: 'npm dedupe, so that there is one @tensorflow/tfjs-core.',
    }
  }
  return { backend, version: backend.binding.TF_Version, usesGpu: backend.isUsingGpuDevice }
}

/** TensorFlow's binding, loaded at the first call; or why it cannot be. */
export function tensorFlow(): TensorFlow | LoadFailure {
  loaded ??= load()
  return loaded
}

/** The names of the GPUs that the driver lists; none where there is no driver. */
export async function gpuNames(): Promise<readonly string[]> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], { timeout: 10_000 })
    return stdout.split('\n').filter((line) => line.trim() !== '')
  } catch {
    return []
  }
}

/** What runs the operations, in words that end up in every result: the GPU's name, or the CPU and TensorFlow's version. */
export async function deviceName({ usesGpu, version }: TensorFlow): Promise<string> {
  if (!usesGpu) return `cpu (TensorFlow ${version})`
  const [name = 'NVIDIA GPU'] = await gpuNames()
  return `${name} (TensorFlow ${version})`
}
