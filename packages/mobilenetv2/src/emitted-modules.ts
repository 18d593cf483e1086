import { useResizeModule } from '@mobilenetv2/image/resize-module'
import { checkOptionNames, refuseOption } from '@mobilenetv2/spec'
import type { EmittedModules } from './backends.js'

/**
 * Makes the resize use its module, if there is one, and gives the module of the kernels.
 * @throws MobileNetV2Error `OPTION` if they are not modules; `IMAGE` if the module of the resize is of another version
 */
export function takeModules(modules: EmittedModules): object {
  checkOptionNames(modules, ['kernels', 'resize'])
  const { kernels, resize } = modules
  if (kernels === undefined)
    refuseOption('modules', 'no kernels', 'the modules that `mobilenetv2 emit` writes: { kernels, resize }')
  if (resize !== undefined) useResizeModule(resize)
  return kernels
}
