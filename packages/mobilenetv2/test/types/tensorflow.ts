// Code that needs TensorFlow.js.
import { nodeCuda } from '@mobilenetv2/backend-node-cuda'
import { type Architecture, type Backend, defineMobileNetV2 } from '@mobilenetv2/spec'
import { foldParameters, initialParameters, tfjs } from '@mobilenetv2/tfjs'
import type { Tensor3D } from '@tensorflow/tfjs-core'
import { compile, type Model } from 'mobilenetv2'

export function backends(): readonly Backend[] {
  return [tfjs(), tfjs({ backend: 'webgl' }), tfjs({ backend: undefined }), nodeCuda({ device: 'auto' }), nodeCuda()]
}

export async function classifyTensor(model: Model, picture: Tensor3D): Promise<void> {
  await compile(model.network, { backend: tfjs() })
  await model.classify(picture)
}

export async function train(): Promise<Architecture> {
  const architecture = defineMobileNetV2()
  const { length } = Object.keys(foldParameters(architecture, initialParameters(architecture, { seed: undefined })))
  return length === 0 ? architecture : defineMobileNetV2({ classes: length })
}

export function refused(): void {
  // @ts-expect-error The name of a backend is no number.
  tfjs({ backend: 5 })
  // @ts-expect-error There is no device `gpu`.
  nodeCuda({ device: 'gpu' })
  // @ts-expect-error There is no architecture.
  initialParameters()
}
