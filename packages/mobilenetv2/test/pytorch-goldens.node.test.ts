import { readFileSync } from 'node:fs'
import { wasm } from '@mobilenetv2/backend-wasm'
import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { expectAllClose, seededInput, seededStateDict } from '@mobilenetv2/testing'
import { type Checkpoint, type StoredTensor, toNetwork } from '@mobilenetv2/weights'
import { describe, expect, it } from 'vitest'

interface Golden {
  readonly naming: string
  readonly options: { readonly widthMultiplier: number; readonly height: number; readonly width: number; readonly classes: number }
  readonly shapes: Readonly<Record<string, readonly number[]>>
  readonly logits: readonly number[]
}

const goldens: { readonly producer: string; readonly cases: readonly Golden[] } = JSON.parse(
  readFileSync(new URL('../../testing/goldens/pytorch_state_dicts.json', import.meta.url), 'utf8'),
)

/** What `readCheckpoint` would make of a file that PyTorch saved with the seeded state dict of a golden. */
function seededCheckpoint(shapes: Golden['shapes']): Checkpoint {
  const tensors = new Map<string, StoredTensor>()
  for (const { name, shape, values } of seededStateDict(shapes)) {
    tensors.set(name, { name, shape, dtype: 'float32', bytes: new Uint8Array(values.buffer), quantization: null })
  }
  return { format: 'pytorch', file: 'seeded state dict', tensors, graph: null, metadata: {} }
}

describe(`logits of ${goldens.producer}, within 1e-4 of the largest`, () => {
  it.each(goldens.cases)('$naming at width $options.widthMultiplier and $options.height x $options.width', async (golden) => {
    const { options, parameters, source } = await toNetwork(seededCheckpoint(golden.shapes))
    expect(source.naming).toBe(golden.naming)
    const { widthMultiplier, classes, height, width } = golden.options
    expect(options).toMatchObject({ widthMultiplier, classes, padding: 'symmetric' })
    const architecture = defineMobileNetV2({ ...options, height, width })
    using model = await wasm().compile(architecture, parameters)
    const { logits } = await model.run(seededInput(architecture))
    expectAllClose(logits, Float32Array.from(golden.logits), { relative: 1e-4 })
  })
})
