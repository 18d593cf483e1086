import type { CompiledModel, Global, OutputName, RunOptions } from '@mobilenetv2/spec'
import type { DevicePicture } from './picture.js'
import type { TopClass } from './runtime/top.js'

/**
 * An input of a model. It is float32 `[batch, height, width, 3]`, normalised as the network expects, in an array or in a buffer of the
 * model's device with the usage COPY_SRC; or it is one picture of the browser, which is resized, cropped and normalised on the device.
 */
export type WebGpuInput = Float32Array | Global<'GPUBuffer'> | DevicePicture

/** A compiled model on a WebGPU device. */
export interface WebGpuModel extends CompiledModel {
  /**
   * The device that the model is on. It changes after a loss.
   * @throws MobileNetV2Error `DISPOSED` after `dispose`
   */
  readonly gpu: Global<'GPUDevice'>
  /**
   * As `CompiledModel.run`, but it takes any `WebGpuInput`.
   * @throws MobileNetV2Error as `CompiledModel.run`; `BACKEND` if the device is lost (the next run opens another one, unless the caller
   * gave the device), or if it refuses the run; `IMAGE` if a picture cannot be read
   * @example
   * ```ts
   * import type { WebGpuModel } from '@mobilenetv2/backend-webgpu'
   *
   * async function logitsOf(model: WebGpuModel, pixels: GPUBuffer): Promise<Float32Array> {
   *   return (await model.run(pixels, { batch: 2 })).logits
   * }
   * ```
   */
  run<Output extends OutputName = 'logits'>(
    input: WebGpuInput,
    options?: RunOptions<Output>,
  ): Promise<Readonly<Record<Output, Float32Array>>>
  /**
   * Runs the network without reading anything back. When the run is submitted, `use` is called with the outputs on the device: float32
   * `[batch, channels]`, with the usages STORAGE, COPY_SRC and COPY_DST. Commands that `use` submits to the device's queue can read them.
   * The next run overwrites them.
   * @returns what `use` returns
   * @throws MobileNetV2Error as `run`; `BACKEND` if an output comes from a layer that does not run on the device
   * @example
   * ```ts
   * import type { WebGpuInput, WebGpuModel } from '@mobilenetv2/backend-webgpu'
   *
   * async function bytesOfLogits(model: WebGpuModel, input: WebGpuInput): Promise<number> {
   *   return model.runOnDevice(input, ({ logits }) => logits.size)
   * }
   * ```
   */
  runOnDevice<Result, Output extends OutputName = 'logits'>(
    input: WebGpuInput,
    use: (outputs: Readonly<Record<Output, Global<'GPUBuffer'>>>) => Result,
    options?: RunOptions<Output>,
  ): Promise<Result>
  /**
   * The `count` most probable classes of one picture, best first: 1 to 64, and at most the number of classes. They are found on the device,
   * and only they are read back.
   * @throws MobileNetV2Error as `runOnDevice`; `INPUT` if `count` is out of its range; `PARAMETERS` if a logit is not finite
   * @example
   * ```ts
   * import type { WebGpuInput, WebGpuModel } from '@mobilenetv2/backend-webgpu'
   *
   * async function classOf(model: WebGpuModel, input: WebGpuInput): Promise<number> {
   *   const [best] = await model.top(input, 1)
   *   return best!.index
   * }
   * ```
   */
  top(input: WebGpuInput, count: number, options?: Pick<RunOptions, 'signal'>): Promise<readonly TopClass[]>
}
