import {
  checkIntegers,
  defineMobileNetV2,
  type IntegerLayer,
  type IntegerParameters,
  type LayerId,
  MobileNetV2Error,
} from '@mobilenetv2/spec'
import { expect, it } from 'vitest'
import { seededIntegers } from '../src/index.js'

const architecture = defineMobileNetV2({ widthMultiplier: 0.1, height: 32, width: 32, classes: 2, headChannels: 16 })
const integers = seededIntegers(architecture)
const added = architecture.layers.find(({ residual }) => residual !== null)!.id

/** The integers with another layer, or without one. */
function changed(id: LayerId, layer: object | null): IntegerParameters {
  const layers = new Map(integers.layers)
  if (layer === null) layers.delete(id)
  else layers.set(id, { ...integers.layers.get(id)!, ...layer } as IntegerLayer)
  return { ...integers, layers }
}

it('accepts integers that fit, with those of other layers among them', () => {
  checkIntegers(architecture, integers)
  checkIntegers({ ...architecture, layers: architecture.layers.slice(0, 5) }, integers)
})

it.each<[string, IntegerParameters, string]>([
  ['no layer', changed('stem', null), 'nothing'],
  ['another kind of layer', changed('stem', { kind: 'pool' }), 'another kind of layer'],
  ['a kernel of another length', changed('stem', { kernel: new Int16Array(5) }), '5, '],
  ['a bias of another length', changed('classifier', { bias: new Int32Array(1) }), ', 1 and 2 values'],
  ['too few multipliers', changed('classifier', { multipliers: new Float32Array(1) }), 'and 1 values'],
  ['a kernel beyond its range', changed('classifier', { kernel: new Int16Array(32).fill(256) }), 'beyond -255 to 255'],
  ['no addition', changed(added, { addition: null }), 'no addition for its residual'],
  ['an addition too many', changed('stem', { addition: {} }), 'an addition without a residual'],
  [
    'an addition that is too large',
    changed(added, { addition: { ownMultiplier: 2 ** 22, residualMultiplier: 1, shift: 20, output: integers.input } }),
    'beyond 32 bits',
  ],
  ['an output of 9 bits', changed('pool', { output: { scale: 1, least: -200, most: 200 } }), 'beyond 8 bits'],
  ['a picture of two channels', { ...integers, input: { ...integers.input, factor: [1, 1] } }, '2 factors and 3 offsets'],
])('refuses %s with the code PARAMETERS', (_, wrong, got) => {
  try {
    checkIntegers(architecture, wrong)
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(MobileNetV2Error)
    expect((error as MobileNetV2Error).code).toBe('PARAMETERS')
    expect((error as MobileNetV2Error).details.got).toContain(got)
  }
})
