import { defineConfig } from 'vitest/config'

// A hang is found in the end; a busy machine is no failure.
export default defineConfig({ test: { testTimeout: 60_000 } })
