import type { Backend } from '@mobilenetv2/spec'
import { describe, expect, it } from 'vitest'
import { describeAccuracy, describeGoldens } from './accuracy.js'
import type { MissingCapabilities } from './capabilities.js'
import { describeLifecycle } from './lifecycle.js'

/** Milliseconds for one network on the slowest device that runs the suite: a graphics card emulated on one busy core. */
const longestTest = 60_000

/**
 * The one suite that every backend runs, in Node or in a browser: its numbers against the reference executor and against PyTorch
 * and Keras, and what `Backend` and `CompiledModel` promise. A backend that is not available where the suite runs fails it.
 * @param missing what the backend cannot do, with the reason: those tests are listed as skipped
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
