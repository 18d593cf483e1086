import { MobileNetV2Error } from '@mobilenetv2/spec'
import type * as tf from '@tensorflow/tfjs-core'

/** Where a number that is not finite first stood. */
export interface NotFinite {
  /** `layer stem`, whose output it is; or `gradient of stem.kernel`. */
  readonly name: string
  readonly value: number
}

/** The first of these tensors that holds a number that is not finite; read back one by one. */
export async function firstNotFinite(tensors: readonly (readonly [string, tf.Tensor])[]): Promise<NotFinite | null> {
  for (const [name, tensor] of tensors) {
    const value = (await tensor.data<'float32'>()).find((number) => !Number.isFinite(number))
    if (value !== undefined) return { name, value }
  }
  return null
}

/** The error of a training that diverged. */
export function notFinite(step: number, loss: number, found: NotFinite | null): MobileNetV2Error {
  return new MobileNetV2Error('PARAMETERS', 'The training has diverged: its numbers are no longer finite.', {
    where: found === null ? `step ${step}` : `step ${step}, ${found.name}`,
    expected: 'a finite loss and finite gradients',
    got: found === null ? `a loss of ${loss}` : `${found.value}, and a loss of ${loss}`,
    remedy: 'Use a smaller learning rate, or check the parameters and the pictures that the training starts from.',
  })
}
