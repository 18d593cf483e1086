// `Symbol.dispose`, for those whose compiler does not have it among its libraries.
/// <reference lib="esnext.disposable" preserve="true" />
import type { Architecture, LayerId } from './architecture.js'
import type { Global } from './global.js'
import type { IntegerParameters } from './integer-parameters.js'
import type { Parameters } from './parameters.js'

/**
 * Whether a backend can run here: on which device, or why not and what would help. `software` is true if the device is emulated on
 * the CPU: correct but slow, so `auto` does not choose it.
 */
export type Availability =
  | { readonly available: true; readonly device: string; readonly software?: boolean | undefined }
  | { readonly available: false; readonly reason: string; readonly remedy: string }

/**
 * What a run can give: `logits` `[batch, classes]`, the last layer's output, before softmax; `features` `[batch, head channels]`, the
 * pooled activation. Without a classifier both are the same. A network without a pool has no features.
 */
export type OutputName = 'logits' | 'features'

/** What one run does. */
export interface RunOptions<Output extends OutputName = 'logits'> {
  /** Pictures in the input, a positive integer; 1 unless given. */
  readonly batch?: number | undefined
  /** What to return; `['logits']` unless given. */
  readonly outputs?: readonly Output[] | undefined
  /** Ends the run with the signal's reason when the signal is aborted. Any number of runs can share a signal. */
  readonly signal?: Global<'AbortSignal'> | undefined
}

/**
 * Milliseconds that one layer takes for one picture. A layer that runs inside another's kernel is listed with it. An entry with no
 * layers is time outside all layers: handing over the picture and the results.
 */
export interface LayerTime {
  readonly layers: readonly LayerId[]
  readonly milliseconds: number
}

/** Bytes that a compiled model holds, by what they are for. */
export interface MemoryUse {
  readonly weights: number
  /** Activations, input and outputs included. */
  readonly activations: number
  /** Rows and tiles that live only inside one layer or block. */
  readonly scratch: number
  /** Generated code. */
  readonly code: number
}

/** An architecture and its parameters, ready to run. */
export interface CompiledModel {
  /** The backend's name. */
  readonly backend: string
  /** What it runs on, as the backend names it. */
  readonly device: string
  readonly architecture: Architecture
  /**
   * Runs the network on `input`, float32 `[batch, height, width, 3]`, normalised as the model expects.
   * The input must not change until the run has ended. Runs of one model wait for each other.
   * @throws MobileNetV2Error `INPUT` if the length of the input is not the architecture's times the batch, if the batch is no positive
   * integer, or if the network has no such output; `OPTION` if an option is unknown; `DISPOSED` after dispose. The signal's reason if
   * the signal is aborted.
   */
  run<Output extends OutputName = 'logits'>(
    input: Float32Array,
    options?: RunOptions<Output>,
  ): Promise<Readonly<Record<Output, Float32Array>>>
  /**
   * Times each layer on a picture of zeros.
   * @throws MobileNetV2Error `DISPOSED` after dispose
   */
  profile(): Promise<readonly LayerTime[]>
  /** All zero after dispose. */
  memory(): MemoryUse
  /** Gives back all memory; a second call does nothing. */
  dispose(): void
  [Symbol.dispose](): void
}

/**
 * The one interface between the definition and whatever runs it. A factory makes a backend, takes its options and checks them:
 * `wasm({ threads: 2 })`.
 */
export interface Backend {
  readonly name: string
  /** Whether the backend can run here with its options. */
  availability(): Promise<Availability>
  /**
   * @param integers what `parameters` stand for, if the network is quantised; a backend that computes in floats ignores them
   * @throws MobileNetV2Error `BACKEND` if the backend is not available or cannot run a layer; `PARAMETERS` if the parameters do not fit
   * the architecture
   */
  compile(architecture: Architecture, parameters: Parameters, integers?: IntegerParameters | null): Promise<CompiledModel>
}
