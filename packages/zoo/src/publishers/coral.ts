import type { MobileNetV2Options } from '@mobilenetv2/spec'
import type { FileLocation, ZooEntry } from '../entry.js'

export type CoralId = 'imagenet-1.0-224' | 'imagenet-1.0-224-qat' | 'inat-bird-1.0-224'

type Varying = Pick<ZooEntry, 'note' | 'weights' | 'labels' | 'measured'>

function entry(id: CoralId, file: Pick<FileLocation, 'name' | 'bytes' | 'sha256'>, classes: number, varying: Varying): ZooEntry {
  const options: MobileNetV2Options = { classes, padding: 'same' }
  return {
    id,
    publisher: 'Google Coral',
    location: { kind: 'file', urls: [`https://raw.githubusercontent.com/google-coral/test_data/master/${file.name}`], ...file },
    licence: 'Apache-2.0',
    options,
    naming: 'structural',
    published: null,
    ...varying,
  }
}

const over = "1000 photos, one of each of ImageNet's classes, the weights dequantised to float32"

/** The test models of Google Coral: full-integer TensorFlow Lite. Of two models with the same labels the more accurate one is first. */
export const coralEntries: readonly ZooEntry[] = [
  entry(
    'imagenet-1.0-224',
    {
      name: 'tf2_mobilenet_v2_1.0_224_ptq.tflite',
      bytes: 4_070_174,
      sha256: '5d3137241276e79c86d14a74fe43581398ae0e815191d3dba45495b810840e8c',
    },
    1001,
    { note: 'quantised after training', weights: 'int8', labels: 'imagenet', measured: { top1: 89.3, top5: 98.4, over } },
  ),
  entry(
    'imagenet-1.0-224-qat',
    {
      name: 'mobilenet_v2_1.0_224_quant.tflite',
      bytes: 3_610_798,
      sha256: '7aad0c74c5e3c06e5eb3c827e13304fdd68a83da6087d92ee169c24ff9fd4776',
    },
    1001,
    { note: 'quantisation-aware training', weights: 'uint8', labels: 'imagenet', measured: { top1: 88.9, top5: 98.0, over } },
  ),
  entry(
    'inat-bird-1.0-224',
    {
      name: 'mobilenet_v2_1.0_224_inat_bird_quant.tflite',
      bytes: 3_579_500,
      sha256: '350fcd8cf1df1560060d464595dfed8b174b05792788052896004848d9ad04f9',
    },
    965,
    { note: 'iNaturalist birds', weights: 'uint8', labels: 'inat-birds', measured: null },
  ),
]
