import { MobileNetV2Error } from '@mobilenetv2/spec'

/**
 * Does `create` and waits for what the device says of it.
 * @throws MobileNetV2Error `BACKEND` where the device refuses it or has not enough memory, with the layers that its labels name.
 */
export async function checked<Made>(device: GPUDevice, where: string, create: () => Made): Promise<Made> {
  device.pushErrorScope('out-of-memory')
  device.pushErrorScope('validation')
  let outcome: { readonly made: Made } | { readonly thrown: unknown }
  try {
    outcome = { made: create() }
  } catch (thrown) {
    outcome = { thrown }
  }
  const [invalid, full] = await Promise.all([device.popErrorScope(), device.popErrorScope()])
  if ('thrown' in outcome) {
    const { thrown } = outcome
    if (thrown instanceof MobileNetV2Error) throw thrown
    throw new MobileNetV2Error('BACKEND', 'The engine refuses a command to the device.', {
      where,
      got: String(thrown),
      remedy: 'Dispose of models that are no longer used, or use a smaller batch, input or width multiplier.',
      cause: thrown,
    })
  }
  if (invalid !== null) {
    throw new MobileNetV2Error('BACKEND', 'The device refuses a command.', {
      where,
      got: invalid.message,
      remedy: 'Use another backend, and report this with the name of the device.',
    })
  }
  if (full !== null) {
    throw new MobileNetV2Error('BACKEND', 'The device has not enough memory.', {
      where,
      got: full.message,
      remedy: 'Dispose of models that are no longer used, or use a smaller batch, input or width multiplier.',
    })
  }
  return outcome.made
}
