import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { install, linkPackage } from './bundles/install.js'
import { compilers, oldestLeftOut } from './types/compilers.js'

const samples = fileURLToPath(new URL('types/', import.meta.url))
const project = mkdtempSync(join(tmpdir(), 'mobilenetv2-types-'))
const modules = join(project, 'node_modules')
const packages = ['mobilenetv2', '@mobilenetv2/tfjs', '@mobilenetv2/backend-node-cuda']

/** The settings with which users compile: the compiler's libraries, the packages of types, and the test files for them. */
const settings = [
  { name: 'ECMAScript alone', lib: ['ES2022'], types: [], files: ['anywhere.ts'] },
  { name: 'Node', lib: ['ES2022'], types: ['node'], files: ['anywhere.ts', 'node.ts'] },
  { name: 'a page', lib: ['ES2022', 'DOM'], types: [], files: ['anywhere.ts', 'page.ts'] },
  { name: 'Node and a page', lib: ['ES2022', 'DOM'], types: ['node'], files: ['anywhere.ts', 'node.ts', 'page.ts'] },
  // Types of TensorFlow.js name types of a page and of WebGPU, which would hide that they are missing elsewhere.
  { name: 'Node and TensorFlow.js', lib: ['ES2022'], types: ['node'], files: ['tensorflow.ts'], tensorFlow: true },
]

const resolutions = {
  node16: { moduleResolution: 'node16', module: 'node16' },
  nodenext: { moduleResolution: 'nodenext', module: 'nodenext' },
  bundler: { moduleResolution: 'bundler', module: 'esnext' },
}
type Resolution = keyof typeof resolutions

/** The declarations of every entry point of the installed packages. */
function entryPoints(): string[] {
  const installed = ['mobilenetv2', ...readdirSync(join(modules, '@mobilenetv2')).map((name) => `@mobilenetv2/${name}`)]
  return installed.flatMap((name) => {
    const manifest = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')) as {
      readonly exports: Readonly<Record<string, { readonly types: string }>>
    }
    return Object.values(manifest.exports).map(({ types }) => join('node_modules', name, types))
  })
}

function writeConfiguration({ lib, types, files, tensorFlow = false }: (typeof settings)[number], resolution: Resolution): string {
  const path = join(project, 'tsconfig.json')
  const compilerOptions = {
    ...resolutions[resolution],
    target: 'ES2022',
    lib,
    types,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    skipLibCheck: false,
    skipDefaultLibCheck: true,
  }
  const declarations = entryPoints().filter((entry) => /tfjs|cuda/.test(entry) === tensorFlow)
  writeFileSync(path, JSON.stringify({ compilerOptions, files: [...files, ...declarations] }))
  return path
}

beforeAll(() => {
  install(project, packages)
  for (const name of ['@types/node', '@tensorflow/tfjs-core']) linkPackage(name, modules)
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }))
  for (const { files } of settings) for (const file of files) cpSync(join(samples, file), join(project, file))
}, 120_000)
afterAll(() => rmSync(project, { recursive: true }))

it.skipIf(oldestLeftOut !== '')(oldestLeftOut || 'TypeScript 5.4 is among the compilers', () => {
  expect(compilers[0]!.version).toMatch(/^5\.4\./)
})

describe.each(compilers)('the types of the packed packages under TypeScript $version', ({ errors }) => {
  it.each(settings)('for $name', async (setting) => {
    expect(await errors(writeConfiguration(setting, 'nodenext'))).toEqual([])
  })

  it.each(['node16', 'bundler'] as const)('with module resolution %s', async (resolution) => {
    const everything = settings.find(({ name }) => name === 'Node and a page')!
    expect(await errors(writeConfiguration(everything, resolution))).toEqual([])
  })
})
