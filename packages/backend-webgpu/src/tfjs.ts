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

/** The current backend of TensorFlow.js, which must be `webgpu`. */
function webgpuBackend(): WebGPUBackend {
  const current = backend()
  return 'device' in current && 'tensorMap' in current
    ? (current as unknown as WebGPUBackend)
    : refuse('The current backend of TensorFlow.js is not webgpu.', 'another backend')
}

/**
 * The device of TensorFlow.js' backend `webgpu`. A model must be on this device to share tensors with TensorFlow.js.
 * @throws MobileNetV2Error `BACKEND` if another backend of TensorFlow.js is current
 * @example
 * ```ts
 * import { webgpu } from '@mobilenetv2/backend-webgpu'
 * import { tfjsDevice } from '@mobilenetv2/backend-webgpu/tfjs'
 * import { readNetwork } from '@mobilenetv2/weights'
 *
 * const { architecture, parameters } = await readNetwork(new Uint8Array(await (await fetch('model.safetensors')).arrayBuffer()))
 * const model = await webgpu({ device: tfjsDevice() }).compile(architecture, parameters)
 * ```
 */
export function tfjsDevice(): Global<'GPUDevice'> {
  return webgpuBackend().device
}

/** The outputs of `runTensor` by name: float32 tensors `[batch, channels]` on the device, which the caller disposes of. */
export type TensorResults<Output extends OutputName> = Readonly<Record<Output, Tensor2D>>

/**
 * Runs a model on a tensor of TensorFlow.js, float32 `[batch, height, width, 3]`, and gives tensors. Input and outputs are copied from
 * buffer to buffer on the device.
 * @throws MobileNetV2Error `BACKEND` if TensorFlow.js and the model are not on the same device; `INPUT` if the tensor has another shape or
 * type; and as `WebGpuModel.runOnDevice`
 * @example
 * ```ts
 * import type { WebGpuModel } from '@mobilenetv2/backend-webgpu'
 * import { runTensor } from '@mobilenetv2/backend-webgpu/tfjs'
 * import * as tf from '@tensorflow/tfjs-core'
 *
 * async function classesOf(model: WebGpuModel, pictures: tf.Tensor4D): Promise<tf.Tensor> {
 *   return tf.argMax((await runTensor(model, pictures)).logits, 1)
 * }
 * ```
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
    throw new MobileNetV2Error('INPUT', 'The tensor does not fit the network.', {
      expected: `float32 [batch, ${height}, ${width}, ${channels}]`,
      got: `${input.dtype} [${input.shape.join(', ')}]`,
    })
  }
  // A tensor that was made from numbers is uploaded only at its first use.
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
