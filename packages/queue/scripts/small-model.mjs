import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { seededParameters } from '@mobilenetv2/testing'
import { toSafetensors } from '@mobilenetv2/weights'

/** A whole network of width 0.35 for pictures of 96 x 96, with seeded weights, as a safetensors file. */
export function smallModel() {
  const options = { widthMultiplier: 0.35, height: 96, width: 96, classes: 100 }
  const preprocessing = {
    geometry: { kind: 'stretch' },
    interpolation: 'bilinear',
    mean: [127.5, 127.5, 127.5],
    deviation: [127.5, 127.5, 127.5],
  }
  const labels = Array.from({ length: options.classes }, (_, index) => `class ${index}`)
  return toSafetensors({
    options,
    parameters: seededParameters(defineMobileNetV2(options)),
    preprocessing,
    classes: { labels, output: 'softmax', background: null },
  })
}
