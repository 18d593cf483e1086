import { defineMobileNetV2, isWeighted, type LayerId, type LayerParameters, type WeightedLayer } from '@mobilenetv2/spec'
import { describe, it } from 'vitest'
import goldens from '../goldens/pytorch_state_dicts.json' with { type: 'json' }
import { expectAllClose } from '../src/all-close.js'
import { runReference } from '../src/reference.js'
import { seededInput } from '../src/seeded.js'
import { type SeededTensor, seededStateDict } from '../src/seeded-state-dict.js'

/** [outputs, inputs, ...window] → [...window, inputs, outputs], each output scaled; a depthwise kernel has one input. */
function kernel({ shape, values }: SeededTensor, scale: (output: number) => number): Float32Array {
  const [outputs = 1, inputs = 1, height = 1, width = 1] = shape
  const window = height * width
  const result = new Float32Array(values.length)
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let w = 0; w < window; w++) result[(w * inputs + i) * outputs + o] = values[(o * inputs + i) * window + w]! * scale(o)
    }
  }
  return result
}

/** Takes the next layer's parameters from the front of a state dict whose tensors have the order of the layers. */
function take(layer: WeightedLayer, tensors: SeededTensor[], epsilon: number): LayerParameters {
  if (!layer.batchNorm) {
    const [weight, bias] = tensors.splice(0, 2)
    return { kernel: kernel(weight!, () => 1), bias: bias!.values }
  }
  const [weight, gamma, beta, mean, variance] = tensors.splice(0, 5)
  const scale = (output: number): number => gamma!.values[output]! / Math.sqrt(variance!.values[output]! + epsilon)
  return {
    kernel: kernel(weight!, scale),
    bias: beta!.values.map((value, output) => value - mean!.values[output]! * scale(output)),
  }
}

describe('the reference executor on seeded state dicts, within 1e-4 of the largest logit of PyTorch', { timeout: 60_000 }, () => {
  it.each(goldens.cases)('$naming, width $options.widthMultiplier, $options.height pixels', ({ options, shapes, logits }) => {
    const architecture = defineMobileNetV2(options)
    const tensors = [...seededStateDict(shapes)]
    const parameters = new Map<LayerId, LayerParameters>()
    for (const layer of architecture.layers.filter(isWeighted)) {
      parameters.set(layer.id, take(layer, tensors, architecture.batchNormEpsilon))
    }
    expectAllClose(runReference(architecture, parameters, seededInput(architecture)).logits, logits, { relative: 1e-4 })
  })
})
