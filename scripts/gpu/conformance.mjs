// The conformance suite of all backends, in this process.
import { load } from './load.mjs'
import { runTests } from './run-tests.mjs'

/**
 * Runs the suite on a backend.
 * @param pattern matches the names of the tests to run; all tests unless given
 */
export async function runConformance(backend, report, pattern) {
  const [{ describeBackendConformance, seededParameters }, { defineMobileNetV2 }] = await Promise.all([
    load('testing/dist/src/index.js'),
    load('spec/dist/index.js'),
  ])
  // A model that lives as long as the tests keeps a shared device open, and so keeps the compiled pipelines.
  const small = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })
  const keeper = await backend.compile(small, seededParameters(small))
  await runTests(() => describeBackendConformance(backend), report, pattern)
  keeper.dispose()
}

export async function conformance({ quick }, report) {
  const { webgpu } = await load('backend-webgpu/dist/index.js')
  await runConformance(webgpu(), report, quick ? /a batch of 3, same|is available|accounts/ : undefined)
}
