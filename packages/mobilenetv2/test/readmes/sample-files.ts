import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { toSafetensors } from '@mobilenetv2/weights'
import sharp from 'sharp'

const options = { widthMultiplier: 0.35, height: 96, width: 96, classes: 3 }

/** The files that the code of READMEs reads, in this folder: a small network of seeded weights, and a picture. */
export async function writeSampleFiles(folder: string): Promise<void> {
  const network = toSafetensors({
    options,
    parameters: seededParameters(defineMobileNetV2(options)),
    preprocessing: { geometry: { kind: 'stretch' }, interpolation: 'bilinear', mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
    classes: { labels: ['cat', 'dog', 'emu'], background: null, output: 'softmax' },
  })
  writeFileSync(join(folder, 'mobilenet_v2.safetensors'), network)
  const picture = sharp({ create: { width: 400, height: 300, channels: 3, background: 'orange' } })
  await picture.jpeg().toFile(join(folder, 'cat.jpg'))
}
