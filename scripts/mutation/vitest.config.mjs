import { defineConfig } from 'vitest/config'

// The tests that see the mutated code. Those of `weights` take the definition from the built package, so only the tests of `spec` see a
// mutant of `spec`.
export default defineConfig({
  test: {
    include: [
      'packages/spec/test/**/*.test.ts',
      'packages/weights/test/{quantize,integers}*.test.ts',
      'packages/testing/test/integer-reference.test.ts',
    ],
    testTimeout: 60_000,
  },
})
