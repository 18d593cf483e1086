// Makes the files of `dist` that stand alone: `browser.js`, all code for pages in one module, and `worker.js`.
import { copyFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const pathOf = (name) => fileURLToPath(new URL(`../dist/${name}`, import.meta.url))

const outfile = pathOf('browser.js')
const { metafile } = await build({
  entryPoints: [pathOf('index.js')],
  outfile,
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  // Without a tsconfig. For its `strict`, esbuild would repeat "use strict" in each module, though the file is a module.
  tsconfigRaw: {},
  metafile: true,
  logLevel: 'warning',
})
const [{ imports }] = Object.values(metafile.outputs)
if (imports.length > 0) throw new Error(`browser.js imports ${imports.map(({ path }) => path).join(', ')}`)

for (const name of ['worker.js', 'worker.d.ts']) {
  copyFileSync(fileURLToPath(new URL(name, import.meta.resolve('@mobilenetv2/backend-wasm'))), pathOf(name))
}
