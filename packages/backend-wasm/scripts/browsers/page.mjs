// The page of `test-browsers.mjs`: runs the conformance suite on the WASM backend, and tells the server how it went.

import { describeBackendConformance } from '@mobilenetv2/testing'
import { runTests } from '../../../../scripts/gpu/run-tests.mjs'
import { wasm } from '../../dist/index.js'

/** The last that was said of each name. */
const said = { isolated: globalThis.crossOriginIsolated, tests: null, failures: [] }

try {
  const { device } = await wasm().availability()
  said.device = device
  // Where memory cannot be shared, more threads are one.
  const backends = [wasm(), ...(crossOriginIsolated ? [wasm({ threads: 3 })] : [])]
  const collect = () => {
    for (const backend of backends) describeBackendConformance(backend)
  }
  await runTests(collect, (name, value) => {
    said[name] = value
  })
} catch (error) {
  said.failures.push(String(error))
}
await fetch('/done', { method: 'POST', body: JSON.stringify(said) })
