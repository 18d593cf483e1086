import { type Layer, MobileNetV2Error } from '@mobilenetv2/spec'

/** @throws MobileNetV2Error `OPTION`, always: the format that is written has no operator for a layer */
export function refuseLayer({ id, kind, activation }: Layer, format: string): never {
  throw new MobileNetV2Error('OPTION', `${format} has no operator for a layer of this network.`, {
    where: `layer ${id}`,
    got: kind === 'dense' ? `the activation ${activation}` : kind,
    remedy: 'Write safetensors or ONNX, which hold every head.',
  })
}
