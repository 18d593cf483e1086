import { MobileNetV2Error } from '@mobilenetv2/spec'

/**
 * A backend that needs packages which are not there.
 * @param install how they are installed, if not by their names alone
 */
export function notInstalled(name: string, packages: readonly string[], install?: string, cause?: unknown): MobileNetV2Error {
  return new MobileNetV2Error('BACKEND', `The backend ${name} is not installed.`, {
    expected: `the packages ${packages.join(', ')}`,
    got: cause instanceof Error ? cause.message.split('\n')[0] : undefined,
    remedy: install ?? `npm install ${packages.join(' ')}`,
    cause,
  })
}
