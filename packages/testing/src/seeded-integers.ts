import {
  type Architecture,
  type IntegerActivation,
  type IntegerAddition,
  type IntegerLayer,
  type IntegerParameters,
  isWeighted,
  kernelLength,
  type Layer,
  type LayerId,
} from '@mobilenetv2/spec'
import { seededValues } from './seeded.js'

/** The largest absolute value in a kernel: 127 for int8, 255 for uint8 minus its zero point. */
export type KernelReach = 127 | 255

/** The standard deviation that a layer's output should have, in steps of its 256 integers. */
const spread = 50

/** The range of a layer's output: from 0 on after a ReLU, else around a zero point. */
function outputOf(layer: Layer, seed: number): IntegerActivation {
  const [at] = seededValues(`${layer.id}.zero`, 1, -60, 60, seed)
  const low = 'activation' in layer && layer.activation !== 'linear' ? 0 : -128 - Math.round(at!)
  return { scale: Math.fround(0.02), least: low, most: low + 255 }
}

function additionOf(layer: Layer, seed: number): IntegerAddition {
  const [own, residual] = seededValues(`${layer.id}.sum`, 2, 0.3, 1.2, seed)
  const shift = 20
  return {
    ownMultiplier: Math.round(own! * 2 ** shift),
    residualMultiplier: Math.round(residual! * 2 ** shift),
    shift,
    output: { ...outputOf(layer, seed + 1), scale: Math.fround(0.03) },
  }
}

/**
 * Seeded integers of a whole network, with zero points, multipliers for each channel, and large and small biases. With them, activations
 * neither vanish nor saturate. The pool rounds by division if the seed is even, else by a multiplier.
 */
export function seededIntegers(architecture: Architecture, seed = 0, reach: KernelReach = 127): IntegerParameters {
  const layers = new Map<LayerId, IntegerLayer>()
  for (const layer of architecture.layers) {
    const output = outputOf(layer, seed)
    if (!isWeighted(layer)) {
      const positions = layer.input.height * layer.input.width
      const multiplier = Math.fround(0.9 / positions)
      const rounding =
        seed % 2 === 0
          ? ({ by: 'division' } as const)
          : ({ by: 'multiplier', multiplier, offset: Math.fround(-3 - 7 * positions * multiplier), zeroPoint: -3 } as const)
      layers.set(layer.id, { kind: 'pool', inputZeroPoint: 7, rounding, output })
      continue
    }
    const length = kernelLength(layer)
    const channels = layer.biasLength
    const terms = Math.sqrt(length / channels) * reach
    const kernel = Int16Array.from(seededValues(`${layer.id}.kernel`, length, -reach, reach, seed), Math.round)
    // Some biases are beyond 2^24, so that float32 cannot hold them exactly.
    const bias = Int32Array.from(seededValues(`${layer.id}.bias`, channels, -1, 1, seed), (value, channel) =>
      Math.round(value * (channel % 7 === 3 ? 2 ** 30 : 40 * terms)),
    )
    const multipliers = seededValues(`${layer.id}.multipliers`, channels, 0.5, 2, seed).map((value, channel) =>
      Math.fround((value * spread) / (channel % 7 === 3 ? 2 ** 30 : 60 * terms)),
    )
    const addition = layer.residual === null ? null : additionOf(layer, seed)
    layers.set(layer.id, { kind: 'weights', kernel, bias, multipliers, output, addition })
  }
  const input = { scale: Math.fround(1 / 127.5), least: -127, most: 128, factor: [127.5, 126, 128], offset: [0.5, 0, -1] }
  return { input, layers }
}
