import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { expect, it } from 'vitest'

it('the text of the workers is that of their program; `npx vitest run worker-text --update` writes it again', async () => {
  const entry = fileURLToPath(new URL('../src/threads/worker.ts', import.meta.url))
  const options = { bundle: true, minify: true, format: 'esm', target: 'es2022', write: false } as const
  const [{ text } = { text: '' }] = buildSync({ entryPoints: [entry], ...options }).outputFiles
  const literal = text.trim().replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')
  const file = `/** The program of \`worker.ts\` as text. \`test/worker-text.node.test.ts\` writes it. */\nexport const workerText: string =\n  '${literal}'\n`
  await expect(file).toMatchFileSnapshot('../src/threads/worker-text.ts')
})
