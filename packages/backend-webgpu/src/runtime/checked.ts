import { MobileNetV2Error } from '@mobilenetv2/spec'

/**
 * Calls `create`, and waits until the device has accepted its commands.
 * @throws MobileNetV2Error `BACKEND` if the engine or the device refuses them, or if the device has too little memory
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
    throw new MobileNetV2Error('BACKEND', 'The engine refuses a command for the device.', {
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
    throw new MobileNetV2Error('BACKEND', 'The device does not have enough memory.', {
      where,
      got: full.message,
      remedy: 'Dispose of models that are no longer used, or use a smaller batch, input or width multiplier.',
    })
  }
  return outcome.made
}
