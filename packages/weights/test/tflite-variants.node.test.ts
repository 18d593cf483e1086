import { expectAllClose, runReference, seededInput } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { readNetwork } from '../src/index.js'
import { golden, goldenBytes } from './support/goldens.js'

const { logits } = golden<{ logits: Record<string, number[]> }>('tflite-variants.json')

/** LiteRT computes with the decoded float16 weights as this does; its integer kernels round each activation. */
const tolerances: Readonly<Record<string, number>> = { float16: 1e-4, 'dynamic-range': 2e-2, int16: 2e-2 }

test.each(Object.keys(logits))("%s.tflite: LiteRT's logits, from the file alone", async (name) => {
  const file = `${name}.tflite`
  const { options, architecture, parameters } = await readNetwork(goldenBytes(`${file}.gz`), { file })
  expect(options).toMatchObject({ widthMultiplier: 0.1, height: 64, width: 64, classes: 4, headChannels: 64, padding: 'same' })
  const found = runReference(architecture, parameters, seededInput(architecture))
  expectAllClose(found.logits, logits[name]!, { relative: tolerances[name]! })
})
