import { type Architecture, MobileNetV2Error, type OutputName } from '@mobilenetv2/spec'

/** Refuses what a model cannot run. */
export function checkRun(
  { input: { height, width, channels } }: Architecture,
  hasFeatures: boolean,
  input: Float32Array,
  batch: number,
  outputs: readonly OutputName[],
): void {
  if (!Number.isInteger(batch) || batch < 1) {
    throw new MobileNetV2Error('INPUT', 'The option batch is out of its range.', {
      where: 'option batch',
      expected: 'a positive integer',
      got: String(batch),
    })
  }
  const expected = batch * height * width * channels
  if (input.length !== expected) {
    throw new MobileNetV2Error('INPUT', 'The input does not have the length that the architecture and the option batch ask for.', {
      where: `input, with option batch ${batch}`,
      expected: `${expected} values: [${batch}, ${height}, ${width}, ${channels}]`,
      got: `${input.length} values`,
    })
  }
  for (const output of outputs) {
    if (output !== 'logits' && output !== 'features') {
      throw new MobileNetV2Error('INPUT', 'The option outputs names an output that no model has.', {
        where: 'option outputs',
        expected: 'logits, features',
        got: String(output),
      })
    }
    if (output === 'features' && !hasFeatures) {
      throw new MobileNetV2Error('INPUT', 'The architecture has no features: it has no global average pool.', {
        where: 'option outputs',
      })
    }
  }
}
