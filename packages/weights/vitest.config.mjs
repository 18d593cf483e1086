import { defineConfig } from 'vitest/config'
import { coverage } from '../../vitest.coverage.mjs'

// The timeout is long, so that a busy machine fails no test. A test that hangs still ends.
export default defineConfig({ test: { testTimeout: 60_000, coverage: coverage({ lines: 93, branches: 83 }) } })
