import { MobileNetV2Error } from '@mobilenetv2/spec'
import { type Batch, findOutputs, type NamedArrays, type TrainedLayers } from './passes.js'

/** Whether the sum is finite. If all values are, the sum is too: it is float64, in which float32 values cannot overflow. */
function isFiniteSum(values: Float32Array): boolean {
  let sum = 0
  for (let at = 0; at < values.length; at++) sum += values[at]!
  return Number.isFinite(sum)
}

function notFiniteOf(arrays: ReadonlyMap<string, Float32Array>, what: string): { name: string; value: number } | null {
  for (const [name, values] of arrays) {
    if (!isFiniteSum(values)) return { name: `${what} ${name}`, value: values.find((number) => !Number.isFinite(number))! }
  }
  return null
}

/**
 * Refuses a step whose loss or gradients are not finite, and names the first layer whose output is not finite.
 * @param step the step's number, from 1
 * @throws MobileNetV2Error `PARAMETERS`
 */
export async function checkFinite(
  { loss, gradients }: { readonly loss: number; readonly gradients: NamedArrays },
  step: number,
  trained: TrainedLayers,
  batch: Batch,
): Promise<void> {
  const gradient = notFiniteOf(gradients, 'gradient of')
  if (Number.isFinite(loss) && gradient === null) return
  const found = notFiniteOf(await findOutputs(trained, batch), 'layer') ?? gradient
  throw new MobileNetV2Error('PARAMETERS', 'The training has diverged: its numbers are no longer finite.', {
    where: found === null ? `step ${step}` : `step ${step}, ${found.name}`,
    expected: 'a finite loss and finite gradients',
    got: found === null ? `a loss of ${loss}` : `${found.value}, and a loss of ${loss}`,
    remedy: 'Use a smaller learning rate, or check the parameters and the pictures that the training starts from.',
  })
}

/**
 * Refuses parameters that are no longer finite after a step.
 * @param step the step's number, from 1
 * @throws MobileNetV2Error `PARAMETERS`
 */
export function checkLearned(arrays: NamedArrays, step: number): void {
  const found = notFiniteOf(arrays, 'parameters')
  if (found === null) return
  throw new MobileNetV2Error('PARAMETERS', 'The training has diverged: its numbers are no longer finite.', {
    where: `step ${step}, ${found.name}`,
    expected: 'finite parameters',
    got: String(found.value),
    remedy: 'Use a smaller learning rate.',
  })
}
