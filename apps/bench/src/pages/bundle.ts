import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { contenderNames, factsOf, isPage } from '../registry.js'

/** The compiled bench, from which the pages are bundled. */
const compiled = fileURLToPath(new URL('..', import.meta.url))

/** Bundles the page and every contender that runs in a browser; the keys are the paths of the modules. */
export async function bundlePages(): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const contenders = contenderNames.map(factsOf).filter(({ places }) => places.some(isPage))
  const outputs = `${compiled}pages`
  const { outputFiles } = await build({
    entryPoints: [
      `${compiled}pages/page.js`,
      `${compiled}pages/remote.js`,
      ...contenders.map(({ module }) => `${compiled}contenders/${module}.js`),
    ],
    outbase: compiled,
    outdir: outputs,
    write: false,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    // Leaves onnxruntime-web's .mjs out of the bundle, since its worker threads start from that file.
    conditions: ['onnxruntime-web-use-extern-wasm'],
    // @mobilenetv2/testing imports them, but no part of it that a page loads uses them.
    external: ['vitest', 'fast-check', 'node:*'],
    logLevel: 'silent',
  })
  return new Map(
    outputFiles.map(({ path, contents }) => [relative(outputs, path).replaceAll('\\', '/'), contents as Uint8Array<ArrayBuffer>]),
  )
}
