import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { expect, it } from 'vitest'

it('the engine, minified, is ASCII: a page that names no charset reads a script with it as it was written', () => {
  const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url))
  // The definition has text beyond ASCII in messages alone.
  const external = ['@mobilenetv2/spec']
  const options = { bundle: true, external, minify: true, format: 'esm', charset: 'utf8', write: false } as const
  const { outputFiles } = buildSync({ entryPoints: [entry], ...options })
  expect(outputFiles[0]!.text.match(/[^\n\x20-\x7e]/g)).toBeNull()
})
