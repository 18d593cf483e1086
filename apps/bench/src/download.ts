import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { build } from 'esbuild'
import type { Where } from './contender.js'
import { peerFile } from './peers.js'
import { type ContenderFacts, type ContenderName, factsOf, isPage } from './registry.js'

/** What a page that runs a contender downloads, as gzip. */
export interface Download {
  readonly libraryBytes: number
  readonly readerBytes: number
}

const compiled = fileURLToPath(new URL('.', import.meta.url))
const compress = promisify(gzip)

async function gzipped(bytes: Uint8Array): Promise<number> {
  return (await compress(bytes, { level: 9 })).length
}

const bundled = {
  bundle: true,
  minify: true,
  write: false,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  logLevel: 'silent',
} as const

/** A backend with the definition, as a user imports them. */
async function ownLibrary({ package: packageName, factory }: NonNullable<ContenderFacts['own']>): Promise<number> {
  const contents = `export { ${factory} } from '${packageName}'\nexport { defineMobileNetV2 } from '@mobilenetv2/spec'`
  const { outputFiles } = await build({ ...bundled, stdin: { contents, resolveDir: compiled } })
  return gzipped(outputFiles[0]!.contents)
}

/** Reading a checkpoint, with the one format that contenders of this project are given; the definition is counted with the backend. */
async function ownReader(): Promise<number> {
  const { outputFiles, metafile } = await build({
    ...bundled,
    stdin: { contents: `export { readNetwork } from '@mobilenetv2/weights'`, resolveDir: compiled },
    external: ['@mobilenetv2/spec'],
    splitting: true,
    outdir: 'reader',
    metafile: true,
  })
  const outputs = Object.entries(metafile.outputs)
  const isLoaded = ([path, { entryPoint }]: (typeof outputs)[number]): boolean =>
    path.endsWith('stdin.js') || /\/(formats\/safetensors|match\/match-own)\.js$/.test(entryPoint ?? '')
  const loaded = outputs.filter(isLoaded).map(([path]) => path)
  // The set grows while it is walked: what a loaded file imports is loaded too.
  const all = new Set(loaded)
  for (const path of all) {
    for (const { path: imported, kind } of metafile.outputs[path]?.imports ?? []) if (kind === 'import-statement') all.add(imported)
  }
  const sizes = outputFiles
    .filter(({ path }) => [...all].some((each) => path.endsWith(each)))
    .map(({ contents }) => gzipped(contents))
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

async function peerLibrary(name: ContenderName, threads: number, where: Where): Promise<number> {
  const { module, peerFiles } = factsOf(name)
  const { outputFiles } = await build({
    ...bundled,
    entryPoints: [`${compiled}contenders/${module}.js`],
    conditions: ['onnxruntime-web-use-extern-wasm'],
  })
  let bytes = await gzipped(outputFiles[0]!.contents)
  for (const file of peerFiles(threads, where)) {
    const path = peerFile(file)
    if (path === null) throw new Error(`${file} is not installed`)
    bytes += await gzipped(await readFile(path))
  }
  return bytes
}

/** What a browser downloads for a contender; null for one that runs in Node only. */
export async function measureDownload(name: ContenderName, threads: number, where: Where): Promise<Download | null> {
  const { own, places } = factsOf(name)
  if (!places.some(isPage)) return null
  // What TensorFlow.js brings is downloaded too.
  const isWhole = own !== null && !name.startsWith('tfjs')
  return isWhole
    ? { libraryBytes: await ownLibrary(own), readerBytes: await ownReader() }
    : { libraryBytes: await peerLibrary(name, threads, where), readerBytes: 0 }
}
