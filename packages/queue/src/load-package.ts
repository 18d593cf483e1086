import { createRequire } from 'node:module'
import { MobileNetV2Error } from '@mobilenetv2/spec'
import { nodeCode } from '@mobilenetv2/spec/system-errors'

/**
 * Loads an optional package.
 * @param purpose what needs it, as the beginning of a sentence
 * @throws MobileNetV2Error `BACKEND` if it is not installed, or cannot run here
 */
export function loadPackage<Package>(name: string, purpose: string): Package {
  // `require` finds packages in NODE_PATH too, and `import` does not.
  const fromHere = createRequire(import.meta.url)
  try {
    return fromHere(name) as Package
  } catch (cause) {
    const [line] = (cause instanceof Error ? cause.message : String(cause)).split('\n')
    throw nodeCode(cause) === 'MODULE_NOT_FOUND'
      ? new MobileNetV2Error('BACKEND', `${purpose} needs the package ${name}, which is not installed.`, {
          got: line,
          remedy: `npm install ${name}`,
          cause,
        })
      : new MobileNetV2Error('BACKEND', `The package ${name} cannot be loaded here.`, { got: line, cause })
  }
}
