import { MobileNetV2Error } from '@mobilenetv2/spec'

/**
 * The error for a backend whose packages are not installed.
 * @param install the command that installs them, if it is not `npm install` with their names
 */
export function notInstalled(name: string, packages: readonly string[], install?: string, cause?: unknown): MobileNetV2Error {
  return new MobileNetV2Error('BACKEND', `The backend ${name} is not installed.`, {
    expected: `the packages ${packages.join(', ')}`,
    got: cause instanceof Error ? cause.message.split('\n')[0] : undefined,
    remedy: install ?? `npm install ${packages.join(' ')}`,
    cause,
  })
}
