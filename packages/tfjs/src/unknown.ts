import { type HeadActivation, type Layer, MobileNetV2Error } from '@mobilenetv2/spec'

// The types exclude these values, but an architecture that is written by hand may still have them.

/** @throws MobileNetV2Error `BACKEND`, always: there is no such kind of layer */
export function refuseLayer({ id, kind }: Pick<Layer, 'id' | 'kind'>): never {
  throw new MobileNetV2Error('BACKEND', 'The tfjs backend cannot run a layer of this kind.', { where: `layer ${id}`, got: kind })
}

/** @throws MobileNetV2Error `BACKEND`, always: there is no such activation */
export function refuseActivation(activation: HeadActivation): never {
  throw new MobileNetV2Error('BACKEND', 'The tfjs backend does not have this activation.', { got: activation })
}
