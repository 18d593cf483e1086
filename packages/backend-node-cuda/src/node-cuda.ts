import { refuseUnavailable } from '@mobilenetv2/runtime'
import { checkOptionNames, choiceOption } from '@mobilenetv2/spec'
import { type TfjsBackend, tfjs } from '@mobilenetv2/tfjs'
import type { LoadFailure } from './load-failure.js'
import { deviceName, gpuNames, type TensorFlow, tensorFlow, tfjsBackendName } from './tensorflow.js'

/** Options of `nodeCuda`. */
export interface NodeCudaOptions {
  /**
   * `cuda` unless given: the backend is unavailable without an NVIDIA GPU. `auto`: without a GPU it runs on the CPU, and a model's `device`
   * says so.
   */
  readonly device?: 'cuda' | 'auto' | undefined
}

async function noGpu(version: string): Promise<LoadFailure> {
  const names = await gpuNames()
  return {
    kind: 'cuda',
    reason:
      names.length === 0
        ? `TensorFlow ${version} is loaded, but nvidia-smi lists no GPU: there is no NVIDIA GPU, or its driver is missing.`
        : `TensorFlow ${version} is loaded, but does not use the GPU (${names.join(', ')}): CUDA or cuDNN is missing or has another version, or this libtensorflow is built for CPUs only.`,
    remedy:
      "Install NVIDIA's driver, CUDA 11.2 and cuDNN 8.1 (for the published binding), and read what TensorFlow prints when it starts; or use { device: 'auto' } to run on the CPU.",
  }
}

/**
 * The backend `node-cuda`: TensorFlow's native kernels in Node, through `@tensorflow/tfjs-node-gpu`, which must be installed. If that
 * package finds no GPU, it silently runs on the CPU. This backend does not: with `device: 'cuda'` it is unavailable then, and with `device:
 * 'auto'` the model's `device` is `cpu (TensorFlow 2.x)` in place of the GPU's name. Weights stay on the device. A run uploads its whole
 * batch `[batch, height, width, 3]` at once.
 * @throws MobileNetV2Error `OPTION` if an option is unknown or out of its range. `compile` throws `BACKEND` if TensorFlow or the GPU cannot
 * be used, and `PARAMETERS` if the parameters do not fit the architecture
 * @example
 * ```ts
 * import { nodeCuda } from '@mobilenetv2/backend-node-cuda'
 * import { load } from 'mobilenetv2'
 *
 * const model = await load('mobilenet_v2.pth', { backend: nodeCuda({ device: 'auto' }) })
 * console.log(model.device)
 * ```
 */
export function nodeCuda(options: NodeCudaOptions = {}): TfjsBackend {
  checkOptionNames(options, ['device'])
  const device = choiceOption('device', options.device ?? 'cuda', ['cuda', 'auto'])

  async function open(): Promise<TensorFlow | LoadFailure> {
    const found = tensorFlow()
    if ('reason' in found || found.usesGpu || device === 'auto') return found
    return noGpu(found.version)
  }

  return {
    name: 'node-cuda',
    async availability() {
      const found = await open()
      if ('reason' in found) return { available: false, reason: found.reason, remedy: found.remedy }
      return { available: true, device: await deviceName(found) }
    },
    async compile(architecture, parameters) {
      const found = await open()
      if ('reason' in found) refuseUnavailable(found)
      const model = await tfjs({ backend: tfjsBackendName }).compile(architecture, parameters)
      return { ...model, backend: 'node-cuda', device: await deviceName(found) }
    },
  }
}
