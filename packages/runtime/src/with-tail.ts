import type { Architecture, CompiledModel, Layer, OutputName, Parameters, RunOptions } from '@mobilenetv2/spec'

/** A compiled model that takes a second type of input beside float32. */
export interface ModelOf<Input> extends Omit<CompiledModel, 'run'> {
  /** As `CompiledModel.run`. */
  run<Output extends OutputName = 'logits'>(
    input: Input | Float32Array,
    options?: RunOptions<Output>,
  ): Promise<Readonly<Record<Output, Float32Array>>>
}

/** A network whose body is compiled. */
export interface WholeNetwork {
  /** The whole network, body and tail. */
  readonly architecture: Architecture
  /** The layers after the body, from `splitArchitecture`. */
  readonly tail: readonly Layer[]
  /** The parameters of the tail; others may be there too. They are copied. */
  readonly parameters: Parameters
}

/**
 * Makes the model of a whole network from its compiled body. The tail takes the output of the body, and runs on the calling thread with
 * float64 sums. If there is no tail, the body itself is returned; the code for tails is imported only if there is one. The returned model
 * owns the body: its `dispose` disposes of the body too.
 * @throws MobileNetV2Error `BACKEND` if a layer of the tail is neither a max pool nor a dense layer, has a residual, or has an unknown
 * activation; `PARAMETERS` if parameters of the tail are missing
 * @example
 * ```ts
 * import { splitArchitecture, withTail } from '@mobilenetv2/runtime'
 * import type { Architecture, Backend, CompiledModel, Parameters } from '@mobilenetv2/spec'
 *
 * async function compile(backend: Backend, architecture: Architecture, parameters: Parameters): Promise<CompiledModel> {
 *   const { body, tail } = splitArchitecture(architecture)
 *   return withTail(await backend.compile(body, parameters), { architecture, tail, parameters })
 * }
 * ```
 */
export async function withTail<Input>(body: ModelOf<Input>, network: WholeNetwork): Promise<ModelOf<Input>> {
  return network.tail.length === 0 ? body : (await import('./whole-model.js')).createWholeModel(body, network)
}
