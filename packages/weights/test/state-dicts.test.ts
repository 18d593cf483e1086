import { defineMobileNetV2 } from '@mobilenetv2/spec'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toNetwork } from '../src/index.js'
import { dli14Namings } from '../src/namings/d-li14.js'
import { huggingfaceNamings } from '../src/namings/huggingface.js'
import { kerasNamings } from '../src/namings/keras.js'
import { noteNaming } from '../src/namings/note.js'
import { slimNamings } from '../src/namings/slim.js'
import { torchvisionNamings } from '../src/namings/torchvision.js'
import { stateDict } from './support/state-dict.js'

// timm numbers blocks within stages, which `stateDict` does not; its own files are among the goldens.
const namings = [noteNaming, torchvisionNamings[0]!, ...dli14Namings, huggingfaceNamings[0]!, slimNamings[0]!, kerasNamings[0]!]

const definitions = fc.record({
  widthMultiplier: fc.oneof(
    fc.constantFrom(0.1, 0.25, 0.35, 0.5),
    fc.integer({ min: 5, max: 60 }).map((percent) => percent / 100),
  ),
  channelDivisor: fc.constantFrom(4, 8),
  stemChannels: fc.integer({ min: 1, max: 40 }),
  headChannels: fc.integer({ min: 1, max: 200 }),
  classes: fc.integer({ min: 0, max: 20 }),
})

test.each(namings)(
  '$name: names and shapes alone tell which network it is',
  async (naming) => {
    const conventions =
      naming.framework === 'PyTorch'
        ? ({ padding: 'symmetric', batchNormEpsilon: 1e-5 } as const)
        : ({ padding: 'same', batchNormEpsilon: 1e-3 } as const)
    await fc.assert(
      fc.asyncProperty(definitions, async (options) => {
        const { architecture, source } = await toNetwork(stateDict(naming, options))
        expect(architecture).toEqual(defineMobileNetV2({ ...options, ...conventions }))
        expect(source.naming).toBe(naming.name)
      }),
      { numRuns: 15 },
    )
  },
  60_000,
)
