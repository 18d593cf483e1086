import {
  type Architecture,
  type Backend,
  defineMobileNetV2,
  isWeighted,
  type LayerId,
  type LayerParameters,
  type OutputName,
  type Parameters,
} from '@mobilenetv2/spec'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { expectAllClose, type Tolerance } from '../all-close.js'
import { runReference } from '../reference.js'
import { seededInput, seededParameters } from '../seeded.js'
import { conformanceCases } from './cases.js'
import { parametersGoldens } from './parameters-goldens.js'
import { randomNetwork } from './random-network.js'

/**
 * How far a backend may be from the reference, relative to the largest logit (or feature) of the comparison. Plain float32 sums stay within
 * 3e-6 on these cases.
 */
export const conformanceTolerance: Tolerance = { relative: 1e-4 }

/** A network and an input, for which outputs are compared. */
interface Comparison {
  readonly architecture: Architecture
  readonly batch: number
  readonly parameters?: Parameters | undefined
  readonly input?: Float32Array | undefined
}

/** Runs a network on a backend and on the reference executor, and compares logits and features. */
async function compareWithReference(backend: Backend, comparison: Comparison): Promise<void> {
  const { architecture, batch } = comparison
  const { parameters = seededParameters(architecture), input = seededInput(architecture, batch) } = comparison
  const model = await backend.compile(architecture, parameters)
  try {
    const hasPool = architecture.layers.some(({ id }) => id === 'pool')
    const outputs: OutputName[] = hasPool ? ['logits', 'features'] : ['logits']
    const actual = await model.run(input, { batch, outputs })
    const expected = runReference(architecture, parameters, input, { batch, outputs })
    for (const name of outputs) expectAllClose(actual[name], expected[name], conformanceTolerance)
  } finally {
    model.dispose()
  }
}

/** The same parameters as views at odd offsets in longer arrays, as a reader of files may give them. */
function unaligned(architecture: Architecture, parameters: Parameters): Parameters {
  const moved = new Map<LayerId, LayerParameters>()
  for (const { id } of architecture.layers.filter(isWeighted)) {
    const { kernel, bias } = parameters.get(id)!
    const place = new Float32Array(kernel.length + bias.length + 3)
    place.set(kernel, 1)
    place.set(bias, kernel.length + 2)
    moved.set(id, { kernel: place.subarray(1, kernel.length + 1), bias: place.subarray(kernel.length + 2, -1) })
  }
  return moved
}

/** Compares logits with those of PyTorch and Keras, also at 224 x 224. */
export function describeGoldens(backend: Backend): void {
  describe(`logits of other frameworks, within ${conformanceTolerance.relative} of the largest`, () => {
    for (const { title, architecture, logits } of parametersGoldens) {
      it(title, async () => {
        const model = await backend.compile(architecture, seededParameters(architecture))
        try {
          const actual = await model.run(seededInput(architecture))
          expectAllClose(actual.logits, logits, conformanceTolerance)
        } finally {
          model.dispose()
        }
      })
    }
  })
}

/** Compares logits and features with the reference executor: on every case, on random networks and on unusual arrays. */
export function describeAccuracy(backend: Backend): void {
  describe(`logits and features within ${conformanceTolerance.relative} of the largest`, () => {
    for (const networkCase of conformanceCases) it(networkCase.title, () => compareWithReference(backend, networkCase))

    it('30 random networks', async () => {
      const property = fc.asyncProperty(randomNetwork, ({ options, batch }) =>
        compareWithReference(backend, { architecture: defineMobileNetV2(options), batch }),
      )
      await fc.assert(property, { seed: 20180113, numRuns: 30 })
    })

    const [small] = conformanceCases.filter(({ batch }) => batch > 1)
    const { architecture, batch } = small!

    it('an input so large that activations saturate at 6', () => {
      const input = seededInput(architecture, batch).map((value) => 100 * value)
      return compareWithReference(backend, { architecture, batch, input })
    })

    it('an input of zeros', () => {
      const input = new Float32Array(seededInput(architecture, batch).length)
      return compareWithReference(backend, { architecture, batch, input })
    })

    it('an input and parameters that are views into longer arrays', () => {
      const place = new Float32Array([NaN, ...seededInput(architecture, batch), NaN])
      const parameters = unaligned(architecture, seededParameters(architecture))
      return compareWithReference(backend, { architecture, batch, parameters, input: place.subarray(1, -1) })
    })
  })
}
