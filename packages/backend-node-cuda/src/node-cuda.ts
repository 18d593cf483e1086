import { refuseUnavailable } from '@mobilenetv2/runtime'
import { checkOptionNames, choiceOption } from '@mobilenetv2/spec'
import { type TfjsBackend, tfjs } from '@mobilenetv2/tfjs'
import type { LoadFailure } from './load-failure.js'
import { deviceName, gpuNames, type TensorFlow, tensorFlow, tfjsBackendName } from './tensorflow.js'

/** What `nodeCuda` takes. */
export interface NodeCudaOptions {
  /** `cuda` refuses to run on anything but a GPU; `auto` runs on the CPU too, and says so. `cuda` unless given. */
  readonly device?: 'cuda' | 'auto' | undefined
}

async function noGpu(version: string): Promise<LoadFailure> {
  const names = await gpuNames()
  return {
    kind: 'cuda',
    reason:
      names.length === 0
        ? `TensorFlow ${version} is loaded, but there is no NVIDIA GPU, or no driver for it (nvidia-smi lists none).`
        : `TensorFlow ${version} is loaded, but does not use the GPU (${names.join(', ')}): CUDA or cuDNN is missing or of another version, or this libtensorflow is made for CPUs.`,
    remedy:
      "Install NVIDIA's driver, CUDA 11.2 and cuDNN 8.1 (for the stock binding), and read what TensorFlow prints when it starts; or use { device: 'auto' } to run on the CPU.",
  }
}

/**
 * MobileNetV2 on TensorFlow's native kernels in Node, through `@tensorflow/tfjs-node-gpu`, which must be installed. That package runs
 * on the CPU without a word where it finds no GPU; this backend refuses (`cuda`) or tells (`auto`): `device` is the GPU's name, or
 * `cpu (TensorFlow 2.x)`. Weights stay on the device; a `run` uploads its whole batch at once.
 * @throws MobileNetV2Error `OPTION` if an option is unknown or out of its range
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
