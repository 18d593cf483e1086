import { type Architecture, isWeighted, type Layer } from './architecture.js'
import { MobileNetV2Error } from './errors.js'
import type { IntegerActivation, IntegerAddition, IntegerLayer, IntegerParameters } from './integer-parameters.js'
import { kernelLength } from './parameters.js'

function isWithin(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high
}

function fits8Bits({ scale, least, most }: IntegerActivation): boolean {
  return scale > 0 && Number.isFinite(scale) && isWithin(least, -255, 0) && isWithin(most, 0, 255) && most - least <= 255
}

function fits32Bits({ ownMultiplier, residualMultiplier, shift, output }: IntegerAddition): boolean {
  return (
    [ownMultiplier, residualMultiplier].every((each) => isWithin(each, 0, 2 ** 21)) && isWithin(shift, 1, 30) && fits8Bits(output)
  )
}

/**
 * Whether every value is from `low` to `high`. A plain loop, because `every` takes a tenth of a second for a large kernel before it is
 * optimised.
 * @internal
 */
export function areWithin(values: Int16Array, low: number, high: number): boolean {
  for (let index = 0; index < values.length; index++) if (values[index]! < low || values[index]! > high) return false
  return true
}

/** What is wrong with the integers of a layer, for an error's `got`; null if nothing is. */
function faultOf(layer: Layer, found: IntegerLayer | undefined): string | null {
  if (found === undefined) return 'nothing'
  if (found.kind !== (isWeighted(layer) ? 'weights' : 'pool')) return `those of another kind of layer: ${found.kind}`
  if (!fits8Bits(found.output)) return 'an output beyond 8 bits'
  if (found.kind === 'pool' || !isWeighted(layer)) return null
  const { kernel, bias, multipliers, addition } = found
  if ((layer.residual === null) !== (addition === null)) {
    return addition === null ? 'no addition for its residual' : 'an addition without a residual'
  }
  if (addition !== null && !fits32Bits(addition)) return 'an addition beyond 32 bits'
  const { biasLength } = layer
  if (kernel.length !== kernelLength(layer) || bias.length !== biasLength || multipliers.length !== biasLength) {
    return `kernel, bias and multipliers of ${kernel.length}, ${bias.length} and ${multipliers.length} values`
  }
  return areWithin(kernel, -255, 255) ? null : 'a kernel beyond -255 to 255'
}

/**
 * Checks that every layer has integers of its shape, in the ranges that `IntegerParameters` states. Integers of layers that the network
 * does not have are ignored.
 * @throws MobileNetV2Error `PARAMETERS` at the first layer whose integers are missing or wrong
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { checkIntegers } from '@mobilenetv2/spec'
 * import { readNetwork } from '@mobilenetv2/weights'
 *
 * const { architecture, integers } = await readNetwork(await readFile('mobilenet_v2_int8.tflite'))
 * if (integers !== null) checkIntegers(architecture, integers)
 * ```
 */
export function checkIntegers(
  { layers, input: { channels } }: Pick<Architecture, 'layers' | 'input'>,
  { input, layers: integers }: IntegerParameters,
): void {
  if (input.factor.length !== channels || input.offset.length !== channels || !fits8Bits(input)) {
    throw new MobileNetV2Error('PARAMETERS', "The integers of the network's input do not fit its channels, or 8 bits.", {
      expected: `a factor and an offset for each of ${channels} channels, and bounds within 8 bits`,
      got: `${input.factor.length} factors and ${input.offset.length} offsets, from ${input.least} to ${input.most}`,
    })
  }
  for (const layer of layers) {
    const got = faultOf(layer, integers.get(layer.id))
    if (got === null) continue
    throw new MobileNetV2Error('PARAMETERS', 'Integers do not fit their layer.', {
      where: `layer ${layer.id}`,
      expected: isWeighted(layer)
        ? `kernel [${layer.kernelShape.join(', ')}], bias and multipliers [${layer.biasLength}], an addition if it has a residual`
        : 'the integers of a pool',
      got,
      remedy: "Use the integers that were read or made for this architecture, or the precision 'float32'.",
    })
  }
}
