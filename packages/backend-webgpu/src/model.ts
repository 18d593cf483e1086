import type { CompiledModel, Global, OutputName, RunOptions } from '@mobilenetv2/spec'
import type { DevicePicture } from './picture.js'
import type { TopClass } from './runtime/top.js'

/**
 * What a model reads: float32 `[batch, height, width, 3]`, normalised as the model expects, in memory or in a buffer of the model's
 * device that has the usage COPY_SRC; or one picture that a browser holds, which is resized, cropped and normalised on the device.
 */
export type WebGpuInput = Float32Array | Global<'GPUBuffer'> | DevicePicture

/** A compiled model on a WebGPU device. */
export interface WebGpuModel extends CompiledModel {
  /** The device that the model is on now: another one after it was lost. */
  readonly gpu: Global<'GPUDevice'>
  /**
   * As `CompiledModel.run`, from any input.
   * @throws MobileNetV2Error also `BACKEND` where the device was lost (the next run opens another, unless it was given), or refuses
   * the run; `IMAGE` where a picture cannot be read.
   */
  run<Output extends OutputName = 'logits'>(
    input: WebGpuInput,
    options?: RunOptions<Output>,
  ): Promise<Readonly<Record<Output, Float32Array>>>
  /**
   * Runs without reading anything back. `use` is called once the run is submitted, with its outputs on the device, float32
   * `[batch, channels]`, usage STORAGE, COPY_SRC and COPY_DST. What `use` itself submits to the device's queue finds them; the next
   * run writes over them. Throws as `run` does, and `BACKEND` if a layer before an output has no kernel on the device.
   * @returns what `use` returns
   */
  runOnDevice<Result, Output extends OutputName = 'logits'>(
    input: WebGpuInput,
    use: (outputs: Readonly<Record<Output, Global<'GPUBuffer'>>>) => Result,
    options?: RunOptions<Output>,
  ): Promise<Result>
  /**
   * The `count` (1 to 64, at most the classes) likeliest classes of one picture, the likeliest first, found on the device: this is
   * all that is read back. Throws as `runOnDevice` does, and `INPUT` where `count` is out of its range.
   */
  top(input: WebGpuInput, count: number, options?: Pick<RunOptions, 'signal'>): Promise<readonly TopClass[]>
}
