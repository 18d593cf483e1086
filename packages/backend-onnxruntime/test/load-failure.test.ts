import { describe, expect, it } from 'vitest'
import { onnxruntime } from '../src/index.js'
import { explainLoadFailure, explainVersion } from '../src/load-failure.js'

function failure(message: string, code?: string): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code })
}

describe('what stands in the way, by the error of the import', () => {
  it.each([
    ['package', failure("Cannot find module 'onnxruntime-node'\nRequire stack:", 'MODULE_NOT_FOUND'), /is not installed/],
    ['package', failure("Cannot find module 'onnxruntime-common'", 'MODULE_NOT_FOUND'), /is missing: .*onnxruntime-common/],
    [
      'binding',
      failure("Cannot find module '../bin/napi-v6/darwin/x64/onnxruntime_binding.node'", 'MODULE_NOT_FOUND'),
      /no native binding for \w+ \w+/,
    ],
    [
      'library',
      failure('libonnxruntime.so.1: cannot open shared object file: No such file or directory', 'ERR_DLOPEN_FAILED'),
      /Node \d+.* cannot load the binding.*libonnxruntime\.so\.1/,
    ],
    ['other', failure('something else'), /something else/],
    ['other', 'no error at all', /no error at all/],
  ])('%s', (kind, error, reason) => {
    const explained = explainLoadFailure(error)
    expect(explained.kind).toBe(kind)
    expect(explained.reason).toMatch(reason)
    expect(explained.remedy).toMatch(/./)
  })
})

it('refuses versions that crash in worker threads', () => {
  for (const version of ['0', '1.9.0', '1.21.1']) {
    const failure = explainVersion(version)
    expect(failure).toMatchObject({ kind: 'version', remedy: expect.stringContaining('1.22') })
  }
  for (const version of ['1.22.0', '1.30.0', '1.31.0-dev.20260801', '2.0.0']) expect(explainVersion(version)).toBeNull()
})

describe.skipIf(process.env.MOBILENETV2_ONNXRUNTIME === 'required')(
  'where the package is not installed (left out where it is)',
  () => {
    it('is not available, and says how to install it without a download from elsewhere', async () => {
      expect(await onnxruntime().availability()).toMatchObject({
        available: false,
        reason: 'The package onnxruntime-node is not installed.',
        remedy: expect.stringContaining('npm install onnxruntime-node --ignore-scripts'),
      })
    })
  },
)
