import { defineConfig } from 'vitest/config'

// A test that hangs still ends, and a slow machine causes no failure.
export default defineConfig({ test: { testTimeout: 60_000 } })
