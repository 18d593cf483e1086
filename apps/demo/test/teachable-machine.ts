import { defineMobileNetV2, isWeighted, kernelLength } from '@mobilenetv2/spec'
import { toTfjs } from '@mobilenetv2/weights'

/** The files of a small model as Teachable Machine exports one to TensorFlow.js, with weights of zero. */
export function teachableFiles(): { name: string; bytes: Uint8Array }[] {
  const architecture = defineMobileNetV2({ widthMultiplier: 0.1, height: 32, width: 32, classes: 2, headChannels: 16 })
  const parameters = new Map(
    architecture.layers
      .filter(isWeighted)
      .map(
        (layer) => [layer.id, { kernel: new Float32Array(kernelLength(layer)), bias: new Float32Array(layer.biasLength) }] as const,
      ),
  )
  const { modelJson, shards } = toTfjs({ architecture, parameters })
  const metadata = { packageName: '@teachablemachine/image', labels: ['Mug', 'Spoon'], imageSize: 32 }
  return [
    { name: 'model.json', bytes: Buffer.from(JSON.stringify(modelJson)) },
    ...shards,
    { name: 'metadata.json', bytes: Buffer.from(JSON.stringify(metadata)) },
  ]
}
