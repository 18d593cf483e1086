import { expect, it } from 'vitest'
import { type OnnxRuntimeOptions, onnxruntime } from '../src/index.js'
import { missingProvider } from '../src/providers.js'

it.each<[object, RegExp]>([
  [{ provider: 'cpu' }, /There is no option provider/],
  [{ providers: 'cpu' }, /option providers/],
  [{ providers: [] }, /option providers/],
  [{ providers: ['tpu'] }, /option providers[\s\S]*cpu, cuda/],
  [{ providers: ['cuda', 'cuda'] }, /each once/],
  [{ providers: ['cpu', 'cuda'] }, /cpu last/],
  [{ threads: 0 }, /option threads[\s\S]*1 to 64/],
  [{ threads: 65 }, /option threads/],
  [{ threads: 1.5 }, /option threads/],
  [{ providers: ['cuda'], threads: 2 }, /option threads[\s\S]*'cpu'/],
])('refuses %j with the code OPTION', (options, message) => {
  expect(() => onnxruntime(options as OnnxRuntimeOptions)).toThrow(expect.objectContaining({ code: 'OPTION' }))
  expect(() => onnxruntime(options as OnnxRuntimeOptions)).toThrow(message)
})

it('takes undefined for what is not given', () => {
  expect(onnxruntime({ providers: undefined, threads: undefined }).name).toBe('onnxruntime')
})

it('names the providers of a build that lacks the wanted one', () => {
  const runtime = { version: '1.30.0', path: '', providers: ['cpu', 'webgpu'] }
  expect(missingProvider(runtime, ['webgpu', 'cpu'])).toBeNull()
  expect(missingProvider(runtime, ['cuda', 'cpu'])).toMatchObject({
    kind: 'provider',
    reason: expect.stringMatching(/1\.30\.0 .*no provider cuda/),
    remedy: expect.stringContaining('cpu, webgpu'),
  })
})
