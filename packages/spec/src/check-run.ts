import type { Architecture } from './architecture.js'
import type { OutputName } from './backend.js'
import { MobileNetV2Error } from './errors.js'
import { outputLayerId } from './output-layer.js'

/**
 * The pictures in an input, which must be one at least.
 * @throws MobileNetV2Error `INPUT`
 */
export function checkBatch(batch: number): void {
  if (Number.isInteger(batch) && batch >= 1) return
  throw new MobileNetV2Error('INPUT', 'The option batch is out of its range.', {
    where: 'option batch',
    expected: 'a positive integer',
    got: String(batch),
  })
}

/**
 * Refuses what a compiled model cannot run: what `CompiledModel.run` promises of its input, the same words for every backend.
 * @throws MobileNetV2Error `INPUT` where the batch is no positive integer, the input has another length, or an output is not there
 */
export function checkRun(architecture: Architecture, input: Float32Array, batch: number, outputs: readonly OutputName[]): void {
  checkBatch(batch)
  const { height, width, channels } = architecture.input
  const expected = batch * height * width * channels
  if (input.length !== expected) {
    throw new MobileNetV2Error('INPUT', 'The input does not have the length that the architecture and the option batch ask for.', {
      where: `input, with option batch ${batch}`,
      expected: `${expected} values: [${batch}, ${height}, ${width}, ${channels}]`,
      got: `${input.length} values`,
    })
  }
  for (const name of outputs) outputLayerId(architecture, name)
}
