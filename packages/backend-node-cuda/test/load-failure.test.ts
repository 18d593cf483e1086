import { describe, expect, it } from 'vitest'
import { nodeCuda } from '../src/index.js'
import { explainLoadFailure } from '../src/load-failure.js'
import { applyNodeShims } from '../src/node-shims.js'

function failure(message: string, code?: string): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code })
}

describe('what stands in the way, by the error of the import', () => {
  it.each([
    ['package', failure("Cannot find module '@tensorflow/tfjs-node-gpu'\nRequire stack:", 'MODULE_NOT_FOUND'), /not installed/],
    ['package', failure("Cannot find module 'adm-zip'", 'MODULE_NOT_FOUND'), /is missing: .*adm-zip/],
    [
      'binding',
      failure('The Node.js native addon module (tfjs_binding.node) can not be found at path: x'),
      /binding .* is missing/,
    ],
    [
      'tensorflow',
      failure('libtensorflow.so.2: cannot open shared object file: No such file or directory', 'ERR_DLOPEN_FAILED'),
      /libtensorflow\.so\.2/,
    ],
    ['cuda', failure('libcudart.so.11.0: cannot open shared object file', 'ERR_DLOPEN_FAILED'), /^libcudart\.so\.11\.0, a library/],
    ['cuda', failure('libcudnn.so.8: cannot open shared object file', 'ERR_DLOPEN_FAILED'), /^libcudnn\.so\.8/],
    ['node', failure('tfjs_binding.node: invalid ELF header', 'ERR_DLOPEN_FAILED'), /Node \d+.* cannot load the binding/],
    ['other', failure('something else'), /something else/],
    ['other', 'no error at all', /no error at all/],
  ])('%s', (kind, error, reason) => {
    const explained = explainLoadFailure(error)
    expect(explained.kind).toBe(kind)
    expect(explained.reason).toMatch(reason)
    expect(explained.remedy).toMatch(/./)
  })
})

describe('shims for newer versions of Node', () => {
  it('put back what is missing, and leave what is there', () => {
    const own = (): string => 'own'
    const old = { isNullOrUndefined: own, isArray: own }
    applyNodeShims(old)
    expect(old).toEqual({ isNullOrUndefined: own, isArray: own })
    const fresh: Partial<Record<'isNullOrUndefined' | 'isArray', (value: unknown) => boolean>> = {}
    applyNodeShims(fresh)
    expect([null, undefined, 0, ''].map((value) => fresh.isNullOrUndefined!(value))).toEqual([true, true, false, false])
    expect(fresh.isArray!([])).toBe(true)
  })
})

it('refuses a device that it does not know', () => {
  expect(() => nodeCuda({ device: 'tpu' as 'cuda' })).toThrow(/option device[\s\S]*cuda, auto/)
})

describe.skipIf(process.env.MOBILENETV2_NATIVE === 'required')('where the package is not installed (left out where it is)', () => {
  it('is not available, and says so', async () => {
    const availability = await nodeCuda().availability()
    expect(availability).toMatchObject({ available: false, reason: expect.stringContaining('not installed') })
  })
})
