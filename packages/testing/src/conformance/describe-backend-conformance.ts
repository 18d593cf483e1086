import type { Backend } from '@mobilenetv2/spec'
import { describe, expect, it } from 'vitest'
import { describeAccuracy, describeGoldens } from './accuracy.js'
import type { MissingCapabilities } from './capabilities.js'
import { describeLifecycle } from './lifecycle.js'

/** The most milliseconds for one test, on the slowest device that runs the suite: a GPU that is emulated on one busy core. */
const longestTest = 60_000

/**
 * Defines the suite that every backend must pass, in Node or in a browser. It compares outputs with the reference executor, PyTorch and
 * Keras, and tests what `Backend` and `CompiledModel` promise. A backend that is not available fails the suite.
 * @param missing the capabilities that the backend lacks, with the reasons; their tests are listed as skipped
 */
export function describeBackendConformance(backend: Backend, missing: MissingCapabilities = {}): void {
  describe(`conformance of the backend ${backend.name}`, { timeout: longestTest }, () => {
    it('is available here', async () => {
      expect(await backend.availability()).toMatchObject({ available: true, device: expect.stringMatching(/./) })
    })
    describeAccuracy(backend)
    describeGoldens(backend)
    describeLifecycle(backend, missing)
  })
}
