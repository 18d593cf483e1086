import { defineConfig } from 'vitest/config'
import { coverage } from '../../vitest.coverage.mjs'

// The limit is long, so that a busy machine fails no test. It still finds a hang.
export default defineConfig({ test: { testTimeout: 60_000, coverage: coverage({ lines: 99, branches: 96 }) } })
