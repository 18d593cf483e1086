// The conformance suite of all backends, in this process.
import { startTests } from '@vitest/runner'
import { load } from './load.mjs'

const config = (pattern, limit) => ({
  root: new URL('../..', import.meta.url).pathname,
  name: 'conformance',
  setupFiles: [],
  passWithNoTests: false,
  testNamePattern: pattern,
  allowOnly: false,
  sequence: { seed: 0, hooks: 'stack', setupFiles: 'list' },
  maxConcurrency: 1,
  testTimeout: limit,
  hookTimeout: limit,
  retry: 0,
  tags: [],
  strictTags: false,
})

/** A test's name, those of the suites around it before it. */
function titleOf({ name, suite }) {
  return suite === undefined || suite.name === '' ? name : `${titleOf(suite)} > ${name}`
}

/**
 * Runs the suite on a backend.
 * @param pattern of the names of tests that are run; all of them unless given
 */
export async function runConformance(backend, report, pattern) {
  const [{ describeBackendConformance, seededParameters }, { defineMobileNetV2 }] = await Promise.all([
    load('testing/dist/src/index.js'),
    load('spec/dist/index.js'),
  ])
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const failures = []
  const runner = {
    config: config(pattern, 60_000),
    async importFile(_path, source) {
      if (source === 'collect') describeBackendConformance(backend)
    },
    onAfterRunTask({ type, name, mode, result, suite }) {
      if (type !== 'test' || mode !== 'run') return
      if (result.state === 'pass') counts.passed += 1
      else {
        counts.failed += 1
        failures.push(`${titleOf({ name, suite })}: ${result.errors?.[0]?.message ?? result.state}`)
      }
      report('tests', counts)
      report('failures', failures)
    },
  }
  // A model that lives as long as the tests keeps a shared device open, and with it the pipelines that are compiled already.
  const small = defineMobileNetV2({ widthMultiplier: 0.35, height: 32, width: 32, classes: 10 })
  const keeper = await backend.compile(small, seededParameters(small))
  const [file] = await startTests([new URL('conformance', import.meta.url).pathname], runner)
  keeper.dispose()
  const testsOf = (task) => (task.type === 'test' ? [task] : task.tasks.flatMap(testsOf))
  counts.skipped = testsOf(file).filter(({ mode }) => mode !== 'run').length
  report('tests', counts)
  const broken = file.result?.errors?.map(({ message }) => message) ?? []
  if (counts.passed === 0 && counts.failed === 0) broken.push('no test ran')
  report('failures', [...failures, ...broken])
}

export async function conformance({ quick }, report) {
  const { webgpu } = await load('backend-webgpu/dist/index.js')
  await runConformance(webgpu(), report, quick ? /a batch of 3, same|is available|accounts/ : undefined)
}
