import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { expectAllClose, runReference, seededInput } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { inferOptions, readCheckpoint, toParameters } from '../src/index.js'
import { golden, goldenBytes } from './goldens.js'

const { logits } = golden<{ logits: Record<string, number[]> }>('tflite-variants.json')

/** LiteRT computes with the decoded float16 weights as this does; its integer kernels round each activation. */
const tolerances: Readonly<Record<string, number>> = { float16: 1e-4, 'dynamic-range': 2e-2, int16: 2e-2 }

test.each(Object.keys(logits))("%s.tflite: LiteRT's logits, from the file alone", async (name) => {
  const checkpoint = await readCheckpoint(goldenBytes(`${name}.tflite.gz`), { file: `${name}.tflite` })
  const { options } = inferOptions(checkpoint)
  expect(options).toMatchObject({ widthMultiplier: 0.1, height: 64, width: 64, classes: 4, headChannels: 64, padding: 'same' })
  const architecture = defineMobileNetV2(options)
  const found = runReference(architecture, toParameters(checkpoint, architecture), seededInput(architecture))
  expectAllClose(found.logits, logits[name]!, { relative: tolerances[name]! })
})
