import type { Architecture, CompiledModel, Layer, OutputName, Parameters, RunOptions } from '@mobilenetv2/spec'

/** A compiled model that reads float32 and another type of input. */
export interface ModelOf<Input> extends Omit<CompiledModel, 'run'> {
  run<Output extends OutputName = 'logits'>(
    input: Input | Float32Array,
    options?: RunOptions<Output>,
  ): Promise<Readonly<Record<Output, Float32Array>>>
}

/** A network whose body is compiled. */
export interface WholeNetwork {
  /** The body and the tail. */
  readonly architecture: Architecture
  /** The layers behind the body, from `splitArchitecture`. */
  readonly tail: readonly Layer[]
  /** Those of the tail, at least. They are copied. */
  readonly parameters: Parameters
}

/**
 * A whole network from its compiled body. The tail runs on the output of the body, on the calling thread, and adds up in float64. If
 * there is no tail, the body itself is returned; else what runs it is imported. The model that is returned owns the body: its dispose
 * disposes of the body.
 * @throws MobileNetV2Error `BACKEND` if a layer of the tail is neither a max pool nor a dense layer, has a residual, or has an unknown
 * activation
 */
export async function withTail<Input>(body: ModelOf<Input>, network: WholeNetwork): Promise<ModelOf<Input>> {
  return network.tail.length === 0 ? body : (await import('./whole-model.js')).createWholeModel(body, network)
}
