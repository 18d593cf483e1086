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

/** The options of a run, each with its value. */
export interface CheckedRun<Output extends OutputName> {
  readonly batch: number
  /** Each once. */
  readonly outputs: readonly Output[]
  readonly signal: Global<'AbortSignal'> | undefined
}

/**
 * Completes and checks the options of a run.
 * @throws the reason of a signal that is aborted; MobileNetV2Error `OPTION` if there is no option of a name; `INPUT` if the batch is no
 * positive integer, or if the network has no such output
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
 * Checks the length of a run's input.
 * @throws MobileNetV2Error `INPUT`
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
