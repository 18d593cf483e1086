import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { expectAllClose, runReference, seededInput } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { inferOptions, readCheckpoint, toParameters } from '../src/index.js'
import { golden, goldenBytes } from './goldens.js'

const { logits } = golden<{ logits: Record<string, number[]> }>('tfjs-layers.json')

test.each(Object.keys(logits))(
  "a layers-model of %s: TensorFlow.js's logits within 1e-4 of the largest, from model.json and its shards alone",
  async (dtype) => {
    const asked: string[] = []
    const readSibling = async (name: string): Promise<Uint8Array> => {
      asked.push(name)
      return goldenBytes(name)
    }
    const checkpoint = await readCheckpoint(goldenBytes(`tfjs-layers-${dtype}.json.gz`), { readSibling })
    expect(asked.length).toBe(dtype === 'uint16' ? 2 : 1)
    expect(checkpoint).toMatchObject({
      format: 'tfjs-layers-model',
      metadata: { generatedBy: 'TensorFlow.js tfjs-layers v4.22.0' },
      graph: { endsInSoftmax: true },
    })
    expect([...checkpoint.tensors.values()].every((tensor) => tensor.dtype === dtype)).toBe(true)
    const { options, naming } = inferOptions(checkpoint)
    expect(naming).toBe('structural')
    expect(options).toMatchObject({ widthMultiplier: 0.1, height: 64, width: 64, classes: 4, headChannels: 64, padding: 'same' })
    const architecture = defineMobileNetV2(options)
    const found = runReference(architecture, toParameters(checkpoint, architecture), seededInput(architecture))
    expectAllClose(found.logits, logits[dtype]!, { relative: 1e-5 })
  },
)
