// Runs suites with vitest's own runner where vitest itself is not available: on another machine, and in a page without remote control.
import { startTests } from '@vitest/runner'

const limit = 60_000

const config = (pattern) => ({
  root: '/',
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

/** A test's name behind the names of the suites around it. */
function titleOf({ name, suite }) {
  return suite === undefined || suite.name === '' ? name : `${titleOf(suite)} > ${name}`
}

/**
 * Runs the tests that `collect` describes.
 * @param report is called after each test and at the end with `tests` (how many passed, failed and were skipped) and with `failures`
 * @param pattern matches the names of the tests to run; all tests unless given
 */
export async function runTests(collect, report, pattern) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const failures = []
  const runner = {
    config: config(pattern),
    async importFile(_path, source) {
      if (source === 'collect') collect()
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
  const [file] = await startTests(['/conformance'], runner)
  const testsOf = (task) => (task.type === 'test' ? [task] : task.tasks.flatMap(testsOf))
  counts.skipped = testsOf(file).filter(({ mode }) => mode !== 'run').length
  report('tests', counts)
  const broken = file.result?.errors?.map(({ message }) => message) ?? []
  if (counts.passed === 0 && counts.failed === 0) broken.push('no test ran')
  report('failures', [...failures, ...broken])
}
