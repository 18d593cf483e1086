import type { Architecture, Backend, Parameters } from '@mobilenetv2/spec'
import { createTfjsModel, type TfjsModel } from './compiled-model.js'
import { uploadParameters } from './device-parameters.js'
import { currentTfjsBackend, requireTfjsBackend } from './tfjs-backend.js'

/** `Backend`, with models that also take and give tensors. */
export interface TfjsBackend extends Backend {
  compile(architecture: Architecture, parameters: Parameters): Promise<TfjsModel>
}

/**
 * MobileNetV2 as TensorFlow.js operations, on whichever tfjs backend is set when a model is compiled: cpu, wasm, webgpu, webgl or
 * tensorflow. The weights are uploaded once and stay until dispose; `device` is `tfjs` and the name of that backend.
 */
export const tfjs: TfjsBackend = {
  name: 'tfjs',
  availability: currentTfjsBackend,
  async compile(architecture, parameters) {
    const device = await requireTfjsBackend()
    return createTfjsModel(architecture, device, uploadParameters(architecture, parameters))
  },
}
