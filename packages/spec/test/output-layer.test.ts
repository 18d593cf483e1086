import { expect, it } from 'vitest'
import type { OutputName } from '../src/backend.js'
import { defineMobileNetV2 } from '../src/define-mobilenet-v2.js'
import { outputLayerId } from '../src/output-layer.js'
import { truncateAt } from '../src/truncate.js'

it('names the layer of an output, or says that there is none', () => {
  const architecture = defineMobileNetV2()
  expect([outputLayerId(architecture, 'logits'), outputLayerId(architecture, 'features')]).toEqual(['classifier', 'pool'])
  expect(() => outputLayerId(truncateAt(architecture, 'block4.project'), 'features')).toThrow('has no such output')
  for (const name of ['toString', 'logit'])
    expect(() => outputLayerId(architecture, name as OutputName)).toThrow(
      `The network has no such output.\n  where: option outputs\n  expected: logits, or features if the network has a pool\n  got: ${name}`,
    )
})
