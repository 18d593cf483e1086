import { MobileNetV2Error } from '@mobilenetv2/spec'

/** The error for a feature whose optional packages are not installed. */
export function packageMissing(feature: string, packages: readonly string[], cause: unknown): MobileNetV2Error {
  const [got] = String(cause instanceof Error ? cause.message : cause).split('\n')
  return new MobileNetV2Error('BACKEND', `${feature} needs a package that is not installed.`, {
    expected: `the packages ${packages.slice(0, -1).join(', ')} and ${packages.at(-1)}`,
    got,
    remedy: `npm install ${packages.join(' ')}`,
    cause,
  })
}
