import { expectAllClose } from '@mobilenetv2/testing'
import { expect, test } from 'vitest'
import { readCheckpoint } from '../src/index.js'
import { storedNumbers } from '../src/values.js'
import { golden, goldenBytes } from './support/goldens.js'
import { readGolden } from './support/logits-of.js'

test.each(['note', 'torchvision'])("%s: PyTorch's logits within 1e-5 of the largest, from the file alone", async (name) => {
  const { network, logits, expected } = await readGolden(`${name}.pth`)
  expect(network).toMatchObject({
    source: { file: `${name}.pth`, format: 'pytorch', naming: name },
    classes: { background: null },
    options: { widthMultiplier: expected.width, classes: 7, headChannels: 160, padding: 'symmetric', batchNormEpsilon: 1e-5 },
    preprocessing: { geometry: { kind: 'shorterSide', size: 256 }, interpolation: 'bilinear', mean: [0.485, 0.456, 0.406] },
  })
  expectAllClose(logits, expected.logits, { relative: 1e-5 })
})

test("a training loop's checkpoint: tensors of every type and stride by their whole path", async () => {
  const expected = golden<Record<string, { shape: number[]; values: number[] }>>('tensors.json')
  const { tensors } = await readCheckpoint(goldenBytes('tensors.pth'))
  expect([...tensors.keys()]).toEqual([...Object.keys(expected).map((name) => `state_dict.${name}`), 'optimizer.buffer'])
  for (const [name, { shape, values }] of Object.entries(expected)) {
    const tensor = tensors.get(`state_dict.${name}`)!
    expect(tensor.shape).toEqual(shape)
    const integer = tensor.dtype === 'uint8' || tensor.dtype === 'int32'
    const readable = integer ? { ...tensor, quantization: { scales: [1], zeroPoints: [0], axis: 0 } } : tensor
    expect([...storedNumbers(readable)]).toEqual(values.map((value) => (tensor.dtype === 'bfloat16' ? Math.fround(value) : value)))
  }
})
