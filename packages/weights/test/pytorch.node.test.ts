import { defineMobileNetV2 } from '@mobilenetv2/spec'
import { expectAllClose, runReference, seededInput } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { inferOptions, readCheckpoint, toParameters } from '../src/index.js'
import { storedNumbers } from '../src/values.js'
import { golden, goldenBytes } from './goldens.js'

interface Logits {
  readonly width: number
  readonly batch: number
  readonly size: number
  readonly logits: readonly number[]
}

test.each(['note', 'torchvision'])("%s: PyTorch's logits within 1e-4 of the largest, from the file alone", async (name) => {
  const expected = golden<Logits>(`${name}.json`)
  const checkpoint = await readCheckpoint(goldenBytes(`${name}.pth`), { file: `${name}.pth` })
  const inferred = inferOptions(checkpoint)
  expect(checkpoint.format).toBe('pytorch')
  expect(inferred).toMatchObject({
    family: 'PyTorch',
    naming: name,
    backgroundClass: null,
    options: { widthMultiplier: expected.width, classes: 7, headChannels: 160, padding: 'symmetric', batchNormEpsilon: 1e-5 },
    preprocessing: { geometry: { kind: 'shorterSide', size: 256 }, interpolation: 'bilinear', mean: [0.485, 0.456, 0.406] },
  })
  const { size, batch } = expected
  const architecture = defineMobileNetV2({ ...inferred.options, height: size, width: size })
  const { logits } = runReference(architecture, toParameters(checkpoint, architecture), seededInput(architecture, batch), { batch })
  expectAllClose(logits, expected.logits, { relative: 1e-5 })
})

test("a training loop's checkpoint: the tensors under state_dict, of every type and stride", async () => {
  const expected = golden<Record<string, { shape: number[]; values: number[] }>>('tensors.json')
  const { tensors } = await readCheckpoint(goldenBytes('tensors.pth'))
  expect([...tensors.keys()]).toEqual(Object.keys(expected).map((name) => `state_dict.${name}`))
  for (const [name, { shape, values }] of Object.entries(expected)) {
    const tensor = tensors.get(`state_dict.${name}`)!
    expect(tensor.shape).toEqual(shape)
    const integer = tensor.dtype === 'uint8' || tensor.dtype === 'int32'
    const readable = integer ? { ...tensor, quantization: { scales: [1], zeroPoints: [0], axis: 0 } } : tensor
    expect([...storedNumbers(readable)]).toEqual(values.map((value) => (tensor.dtype === 'bfloat16' ? Math.fround(value) : value)))
  }
})
