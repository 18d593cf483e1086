import { type Architecture, MobileNetV2Error } from '@mobilenetv2/spec'

/** Refuses a batch that is not a positive integer. */
export function checkBatch(batch: number): void {
  if (Number.isInteger(batch) && batch >= 1) return
  throw new MobileNetV2Error('INPUT', 'The option batch is out of its range.', {
    where: 'option batch',
    expected: 'a positive integer',
    got: String(batch),
  })
}

/** Refuses an input of another length than the architecture's times the batch. */
export function checkInput({ input }: Architecture, values: number, batch: number): void {
  const { height, width, channels } = input
  const expected = batch * height * width * channels
  if (values === expected) return
  throw new MobileNetV2Error('INPUT', 'The input does not have the length that the architecture and the option batch ask for.', {
    where: `input, with option batch ${batch}`,
    expected: `${expected} values: [${batch}, ${height}, ${width}, ${channels}]`,
    got: `${values} values`,
  })
}
