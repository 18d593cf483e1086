import { type Global, MobileNetV2Error, type OutputName, type RunOptions } from '@mobilenetv2/spec'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { backend, type Tensor, type Tensor2D, tensor } from '@tensorflow/tfjs-core'
import type { WebGpuModel } from './model.js'

function refuse(what: string, got: string): never {
  throw new MobileNetV2Error('BACKEND', what, {
    expected: "TensorFlow.js's backend webgpu",
    got,
    remedy: "Import @tensorflow/tfjs-backend-webgpu, and await tf.setBackend('webgpu') and tf.ready().",
  })
}

/** TensorFlow.js's backend, where it is the one on WebGPU. */
function webgpuBackend(): WebGPUBackend {
  const current = backend()
  return 'device' in current && 'tensorMap' in current
    ? (current as unknown as WebGPUBackend)
    : refuse('TensorFlow.js is not on WebGPU.', 'another backend')
}

/**
 * The device of TensorFlow.js's backend webgpu, for `webgpu({ device: tfjsDevice() })`: a model that
 * is to share tensors with TensorFlow.js must be on its device.
 * @throws MobileNetV2Error `BACKEND` where TensorFlow.js is on another backend.
 */
export function tfjsDevice(): Global<'GPUDevice'> {
  return webgpuBackend().device
}

/** What a run gives: float32 tensors `[batch, channels]` on the device, for the caller to dispose of. */
export type TensorResults<Output extends OutputName> = Readonly<Record<Output, Tensor2D>>

/**
 * Runs a model on a TensorFlow.js tensor, float32 `[batch, height, width, 3]`, and gives tensors. Nothing leaves the device: the input
 * is copied from buffer to buffer, and so are the outputs.
 * @throws MobileNetV2Error `BACKEND` where TensorFlow.js and the model are not on one device; `INPUT` where the tensor has another
 * shape or type; and as `WebGpuModel.run`.
 */
export async function runTensor<Output extends OutputName = 'logits'>(
  model: WebGpuModel,
  input: Tensor,
  options: Omit<RunOptions<Output>, 'batch'> = {},
): Promise<TensorResults<Output>> {
  if (tfjsDevice() !== model.gpu) refuse('The model is on another device than TensorFlow.js.', model.device)
  const { height, width, channels } = model.architecture.input
  const [batch = 0, ...shape] = input.shape
  if (input.dtype !== 'float32' || shape.join() !== [height, width, channels].join()) {
    throw new MobileNetV2Error('INPUT', 'The tensor is not what the model reads.', {
      expected: `float32 [batch, ${height}, ${width}, ${channels}]`,
      got: `${input.dtype} [${input.shape.join(', ')}]`,
    })
  }
  // A tensor that was made of numbers is on the device from its first use.
  webgpuBackend().uploadToGPU(input.dataId)
  const { buffer, tensorRef } = input.dataToGPU()
  try {
    const wanted = { ...options, batch }
    return await model.runOnDevice(
      buffer!,
      (outputs) => {
        const results: Partial<Record<Output, Tensor2D>> = {}
        for (const [name, values] of Object.entries<GPUBuffer>(outputs)) {
          const values2 = tensor({ buffer: values }, [batch, values.size / 4 / batch], 'float32')
          results[name as Output] = values2 as Tensor2D
        }
        return results as Record<Output, Tensor2D>
      },
      wanted,
    )
  } finally {
    tensorRef.dispose()
  }
}
