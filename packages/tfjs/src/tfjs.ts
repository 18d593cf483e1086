import { type Architecture, type Backend, checkOptionNames, type Parameters, refuseOption } from '@mobilenetv2/spec'
import { createTfjsModel, type TfjsModel } from './compiled-model.js'
import { uploadParameters } from './device-parameters.js'
import { requireTfjsBackend, takeTurn, tfjsAvailability } from './tfjs-backend.js'

/** What `tfjs` takes. */
export interface TfjsOptions {
  /**
   * The backend of TensorFlow.js that models run on, by the name under which it is registered: `cpu`, `wasm`, `webgl`, `webgpu`,
   * `tensorflow`. Each run makes it the current one, and leaves it so. Unless given, a model runs on the backend that is current when
   * it is compiled, and refuses to run if another one is current then.
   */
  readonly backend?: string | undefined
}

/** `Backend`, with models that also take and give tensors. */
export interface TfjsBackend extends Backend {
  compile(architecture: Architecture, parameters: Parameters): Promise<TfjsModel>
}

/**
 * MobileNetV2 as TensorFlow.js operations. The weights are uploaded once and stay until dispose. The model's `device` is `tfjs` and
 * the name of the backend of TensorFlow.js.
 * @throws MobileNetV2Error `OPTION` if an option is unknown or out of its range
 */
export function tfjs(options: TfjsOptions = {}): TfjsBackend {
  checkOptionNames(options, ['backend'])
  const { backend } = options
  if (backend !== undefined && (typeof backend !== 'string' || backend === ''))
    refuseOption('backend', backend, 'the name of a backend of TensorFlow.js')
  return {
    name: 'tfjs',
    availability: () => takeTurn(() => tfjsAvailability(backend)),
    compile: (architecture, parameters) =>
      takeTurn(async () => {
        const device = await requireTfjsBackend(backend)
        return createTfjsModel({ architecture, backend, device, parameters: uploadParameters(architecture, parameters) })
      }),
  }
}
