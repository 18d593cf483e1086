import { expect, test } from 'vitest'
import { openBudget } from '../src/formats/budget.js'
import type { PickleValue } from '../src/formats/pickle/value.js'
import { addStatedAttributes } from '../src/formats/pytorch/torchscript-code.js'
import type { ZipEntry } from '../src/formats/zip/read.js'

function instance(type: string, state: Readonly<Record<string, PickleValue>>) {
  const map = new Map<PickleValue, PickleValue>(Object.entries(state))
  return { value: { kind: 'instance', type, parameters: [], state: map, items: null, elements: null } as PickleValue, map }
}

function entry(name: string, code: string): [string, ZipEntry] {
  return [name, { name, read: () => new TextEncoder().encode(code) } as ZipEntry]
}

const script = `class Conv2d(Module):
  padding_mode : Final[str] = "reflect"
  def _conv_forward(self, input: Tensor):
    _1 = torch.conv2d(input, weight, bias, [2, 2], [1, 1], [3, 3], 336)
    return _1
class BatchNorm2d(Module):
  eps : Final[float] = 1.0000000000000001e-05
`

const reflected = `class Conv2d(Module):
  def forward(self, x: Tensor) -> Tensor:
    _0 = torch.pad(x, [1, 1, 1, 1], "reflect")
    return torch._convolution(_0, weight, None, [2, 2], [0, 0], [1, 1], False)
`

const trace = `class Conv2d(Module):
  def forward(self, x: Tensor) -> Tensor:
    input = torch._convolution(x, weight, None, [1, 1], [0, 0], [1, 1], False, [0, 0], 1, False, False, True, True)
`

test('strides, padding and epsilons are read from the code of TorchScript', () => {
  const convolution = instance('__torch__.torch.nn.conv.___torch_mangle_2.Conv2d', {})
  const norm = instance('__torch__.torch.nn.conv.___torch_mangle_2.BatchNorm2d', {})
  const traced = instance('__torch__.torch.nn.traced.Conv2d', { stride: [7, 7] })
  const turned = instance('__torch__.torch.nn.reflected.Conv2d', {})
  const absent = instance('__torch__.torch.nn.absent.Conv2d', {})
  const root = instance('__torch__.Net', { a: convolution.value, b: norm.value, c: traced.value, e: turned.value, d: absent.value })
  root.map.set('itself', root.value)
  const entries = new Map([
    entry('net/code/__torch__/torch/nn/conv/___torch_mangle_2.py', script),
    entry('net/code/__torch__/torch/nn/traced.py', trace),
    entry('net/code/__torch__/torch/nn/reflected.py', reflected),
  ])
  addStatedAttributes(root.value, entries, 'net/', openBudget(0))
  expect(Object.fromEntries(convolution.map)).toEqual({
    stride: [2, 2],
    padding: [1, 1],
    dilation: [3, 3],
    padding_mode: 'reflect',
  })
  expect(Object.fromEntries(norm.map)).toEqual({ eps: 1e-5 })
  expect(Object.fromEntries(traced.map)).toEqual({ stride: [7, 7], padding: [0, 0], dilation: [1, 1] })
  expect(turned.map.get('padding_mode')).toBe('reflect')
  expect(absent.map.size).toBe(0)
})
