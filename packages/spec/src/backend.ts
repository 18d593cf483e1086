// Declares `Symbol.dispose` for users whose compiler options do not name that library.
/// <reference lib="esnext.disposable" preserve="true" />
import type { Architecture, LayerId } from './architecture.js'
import type { Global } from './global.js'
import type { IntegerParameters } from './integer-parameters.js'
import type { Parameters } from './parameters.js'

/**
 * Whether a backend can run here. If it is `available`, `device` names what it runs on; `software` is true if that device is emulated on
 * the CPU, which is correct but slow, so that `auto` does not choose it. If it is not available, `reason` says why, and `remedy`
 * says what to do.
 */
export type Availability =
  | { readonly available: true; readonly device: string; readonly software?: boolean | undefined }
  | { readonly available: false; readonly reason: string; readonly remedy: string }

/**
 * An output of a run. `logits`, `[batch, classes]`, is the output of the last layer, before softmax. `features`, `[batch, channels]`, is
 * the output of the pool. In a network without a classifier the two are the same. A network without a pool has no features.
 */
export type OutputName = 'logits' | 'features'

/** The options of `CompiledModel.run`. */
export interface RunOptions<Output extends OutputName = 'logits'> {
  /** Number of pictures in the input: 1 or more. 1 unless given. */
  readonly batch?: number | undefined
  /** The outputs to return; `['logits']` unless given. */
  readonly outputs?: readonly Output[] | undefined
  /** When it is aborted, the run rejects with its reason. Any number of runs can share a signal. */
  readonly signal?: Global<'AbortSignal'> | undefined
}

/** The time that one kernel takes for one picture. */
export interface LayerTime {
  /** The layers that the kernel computes, in order. None for the time outside all layers: handing over the picture and the results. */
  readonly layers: readonly LayerId[]
  /** The time in milliseconds. */
  readonly milliseconds: number
}

/** The memory that a compiled model holds, in bytes. */
export interface MemoryUse {
  /** Kernels and biases, as the backend packs them. */
  readonly weights: number
  /** Activations, with the input and the outputs. */
  readonly activations: number
  /** Rows and tiles that exist only while one layer or block is computed. */
  readonly scratch: number
  /** Generated code. */
  readonly code: number
}

/** An architecture and its parameters, ready to run. */
export interface CompiledModel {
  /** The name of the backend that compiled it, such as `wasm`. */
  readonly backend: string
  /** The device that it runs on, in the backend's words: threads of the CPU, or the name of a GPU. */
  readonly device: string
  /** The network that it runs. */
  readonly architecture: Architecture
  /**
   * Runs the network on `input`, float32 `[batch, height, width, 3]`, normalised as the model expects. The caller must not change the
   * input until the run has ended. Runs of one model wait for each other.
   * @returns each output that was asked for, as float32
   * @throws MobileNetV2Error `INPUT` if the input does not have `batch` times the values of a picture, if `batch` is not an integer of 1 or
   * more, or if the network has no such output; `OPTION` if an option is unknown; `DISPOSED` after `dispose`
   * @throws the signal's reason if the signal is aborted
   */
  run<Output extends OutputName = 'logits'>(
    input: Float32Array,
    options?: RunOptions<Output>,
  ): Promise<Readonly<Record<Output, Float32Array>>>
  /**
   * Measures how long each layer takes, on a picture of zeros.
   * @throws MobileNetV2Error `DISPOSED` after `dispose`
   */
  profile(): Promise<readonly LayerTime[]>
  /** The memory that the model holds; all zero after `dispose`. */
  memory(): MemoryUse
  /** Frees all memory. A second call does nothing. */
  dispose(): void
  [Symbol.dispose](): void
}

/** Compiles networks for one way of running them. A factory makes a backend from options, which it checks: `wasm({ threads: 2 })`. */
export interface Backend {
  /** The backend's name, such as `wasm`. */
  readonly name: string
  /** Whether the backend can run here with its options. */
  availability(): Promise<Availability>
  /**
   * Makes a network ready to run. It never falls back to another backend.
   * @param integers the integers of a quantised network; `parameters` are the real numbers that they stand for. A backend that computes in
   * floats ignores the integers.
   * @throws MobileNetV2Error `BACKEND` if the backend is not available or cannot run a layer; `PARAMETERS` if the parameters do not fit
   * the architecture
   */
  compile(architecture: Architecture, parameters: Parameters, integers?: IntegerParameters | null): Promise<CompiledModel>
}
