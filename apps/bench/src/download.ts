import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { build } from 'esbuild'
import type { Where } from './contender.js'
import { peerFile } from './peers.js'
import { type ContenderFacts, type ContenderName, factsOf, isPage } from './registry.js'

/** The download of a page that runs a contender, as gzip. */
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

/**
 * The bytes, as gzip, that a page loads to use some exports of this project.
 * @param contents the source of a module that exports them
 * @param imported the ends of the paths of the modules that they import at run time; no other such module is counted
 * @throws Error if one of these modules is no longer imported
 */
async function loadedBytes(contents: string, imported: readonly string[], external: readonly string[] = []): Promise<number> {
  const { outputFiles, metafile } = await build({
    ...bundled,
    stdin: { contents, resolveDir: compiled },
    external: [...external],
    splitting: true,
    outdir: 'loaded',
    metafile: true,
  })
  const outputs = Object.entries(metafile.outputs)
  const loaded = imported.map((name) => {
    const output = outputs.find(([, { entryPoint }]) => entryPoint?.endsWith(`/${name}.js`))
    if (output === undefined) throw new Error(`no module imports ${name} any more: correct its name in download.ts`)
    return output[0]
  })
  const start = outputs.filter(([path]) => path.endsWith('stdin.js')).map(([path]) => path)
  // The set grows during the loop: the imports of a loaded file are loaded too.
  const all = new Set([...start, ...loaded])
  for (const path of all) {
    for (const { path: next, kind } of metafile.outputs[path]?.imports ?? []) if (kind === 'import-statement') all.add(next)
  }
  const sizes = outputFiles.filter(({ path }) => [...all].some((each) => path.endsWith(each))).map((file) => gzipped(file.contents))
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/** The modules that `readNetwork` imports at run time, for each format of this project's contenders. */
const readerParts = {
  safetensors: ['of-own'],
  int8: ['of-others', 'formats/tflite/read', 'formats/tflite/integers', 'match/match-graph', 'facts/file-labels', 'to-integers'],
} as const

/** The modules that a backend imports at run time to compile. */
function backendParts(packageName: string, format: keyof typeof readerParts): readonly string[] {
  if (packageName === '@mobilenetv2/backend-webgpu') return ['compile-on']
  return format === 'int8' ? ['compile-integers'] : []
}

/** A backend together with the network's definition, as users import them; the reader of checkpoints is counted separately. */
async function ownDownload(
  { package: packageName, factory }: NonNullable<ContenderFacts['own']>,
  format: keyof typeof readerParts,
): Promise<Download> {
  const library = `export { ${factory} } from '${packageName}'\nexport { defineMobileNetV2 } from '@mobilenetv2/spec'`
  const reader = `export { readNetwork } from '@mobilenetv2/weights'`
  return {
    libraryBytes: await loadedBytes(library, backendParts(packageName, format)),
    readerBytes: await loadedBytes(reader, readerParts[format], ['@mobilenetv2/spec']),
  }
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

/** The download of a browser for a contender; null if the contender runs in Node only. */
export async function measureDownload(name: ContenderName, threads: number, where: Where): Promise<Download | null> {
  const { own, places, model } = factsOf(name)
  if (!places.some(isPage)) return null
  // The executor on TensorFlow.js also needs TensorFlow.js itself, so it is bundled as a peer is.
  const isWhole = own !== null && !name.startsWith('tfjs')
  return isWhole
    ? ownDownload(own, model === 'int8' ? 'int8' : 'safetensors')
    : { libraryBytes: await peerLibrary(name, threads, where), readerBytes: 0 }
}
