import {
  type Architecture,
  checkOptionNames,
  type Global,
  inputLength,
  MobileNetV2Error,
  type OutputName,
  outputLayerId,
  type RunOptions,
  refuseOption,
} from '@mobilenetv2/spec'

/** The options of a run, checked and with their defaults filled in. */
export interface CheckedRun<Output extends OutputName> {
  /** The number of pictures, 1 or more. */
  readonly batch: number
  /** The names of the outputs, each once. */
  readonly outputs: readonly Output[]
  /** When it is aborted, the run rejects with its reason. */
  readonly signal: Global<'AbortSignal'> | undefined
}

/**
 * Checks the options of a run and fills in their defaults.
 * @throws MobileNetV2Error `OPTION` if an option is unknown; `INPUT` if the batch is not a positive integer, or if the network has no such
 * output; the signal's reason if the signal is aborted
 * @example
 * ```ts
 * import { checkRunOptions } from '@mobilenetv2/runtime'
 * import { defineMobileNetV2 } from '@mobilenetv2/spec'
 *
 * const { batch, outputs } = checkRunOptions(defineMobileNetV2(), { outputs: ['features'] })
 * ```
 */
export function checkRunOptions<Output extends OutputName>(
  architecture: Architecture,
  options: RunOptions<Output>,
): CheckedRun<Output> {
  checkOptionNames(options, ['batch', 'outputs', 'signal'])
  const { batch = 1, outputs = ['logits'] as never, signal } = options
  signal?.throwIfAborted()
  if (!Number.isInteger(batch) || batch < 1) refuseOption('batch', batch, 'a positive integer', 'INPUT')
  for (const name of outputs) outputLayerId(architecture, name)
  return { batch, outputs: [...new Set(outputs)], signal }
}

/**
 * Checks the length of a run's input, float32 `[batch, height, width, 3]`.
 * @throws MobileNetV2Error `INPUT` if it has another length
 * @example
 * ```ts
 * import { checkInput } from '@mobilenetv2/runtime'
 * import { defineMobileNetV2 } from '@mobilenetv2/spec'
 *
 * checkInput(defineMobileNetV2(), new Float32Array(2 * 224 * 224 * 3), 2)
 * ```
 */
export function checkInput(architecture: Architecture, { length }: Float32Array, batch: number): void {
  const expected = batch * inputLength(architecture)
  if (length === expected) return
  const { height, width, channels } = architecture.input
  throw new MobileNetV2Error('INPUT', 'The input has the wrong length.', {
    where: `input, with option batch ${batch}`,
    expected: `${expected} values: [${batch}, ${height}, ${width}, ${channels}]`,
    got: `${length} values`,
  })
}
