// The page of `test-browsers.mjs`: runs the conformance suite on the WASM backend, and sends the results to the server.

import { describeBackendConformance } from '@mobilenetv2/testing'
import { runTests } from '../../../../scripts/gpu/run-tests.mjs'
import { wasm } from '../../dist/index.js'

/** The results, by name. A later value replaces an earlier one. */
const said = { isolated: globalThis.crossOriginIsolated, tests: null, failures: [] }

try {
  const { device } = await wasm().availability()
  said.device = device
  // If memory cannot be shared, there is one worker whatever `threads` says.
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
