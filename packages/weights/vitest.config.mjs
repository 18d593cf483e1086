import { defineConfig } from 'vitest/config'
import { coverage } from '../../vitest.coverage.mjs'

// A hang is found in the end; a busy machine is no failure.
export default defineConfig({ test: { testTimeout: 60_000, coverage: coverage({ lines: 93, branches: 83 }) } })
