import { type Architecture, type Backend, checkOptionNames, type Parameters, refuseOption } from '@mobilenetv2/spec'
import { createTfjsModel, type TfjsModel } from './compiled-model.js'
import { uploadParameters } from './device-parameters.js'
import { requireTfjsBackend, takeTurn, tfjsAvailability } from './tfjs-backend.js'

/** Options of `tfjs`. */
export interface TfjsOptions {
  /**
   * The registered name of the backend of TensorFlow.js that models run on: `cpu`, `wasm`, `webgl`, `webgpu`, `tensorflow`. Each run makes
   * it the current backend of the program, and it stays current. Unless given, a model belongs to the backend that is current at `compile`,
   * and a run throws `BACKEND` if another backend is current.
   */
  readonly backend?: string | undefined
}

/** A `Backend` whose models can also take and give tensors. */
export interface TfjsBackend extends Backend {
  /**
   * Compiles a network, as `Backend.compile`.
   * @throws MobileNetV2Error `BACKEND` if the backend of TensorFlow.js cannot run here; `PARAMETERS` if the parameters do not fit the
   * architecture
   */
  compile(architecture: Architecture, parameters: Parameters): Promise<TfjsModel>
}

/**
 * The backend `tfjs`: runs a network as operations of TensorFlow.js. The weights are uploaded once, and stay on the device until `dispose`.
 * The model's `device` is `tfjs` and the name of the backend of TensorFlow.js.
 * @throws MobileNetV2Error `OPTION` if an option is unknown or out of its range
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu'
 * import { tfjs } from '@mobilenetv2/tfjs'
 * import { load } from 'mobilenetv2'
 *
 * const model = await load('mobilenet_v2.pth', { backend: tfjs({ backend: 'cpu' }) })
 * ```
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
