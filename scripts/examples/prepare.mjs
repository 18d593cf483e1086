// Prepares an example as its reader has it: a copy of its folder, with its packages installed.
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './processes.mjs'

const examples = fileURLToPath(new URL('../../examples/', import.meta.url))

/** The names of all examples. */
export const exampleNames = readdirSync(examples).filter((name) => existsSync(join(examples, name, 'package.json')))

/** Makes a manifest name the tarballs of this project's packages, because the registry does not have these versions. */
function usePacked(path, tarballs) {
  const manifest = JSON.parse(readFileSync(path, 'utf8'))
  const { mobilenetv2, ...others } = Object.fromEntries(Array.from(tarballs, ([name, tarball]) => [name, `file:${tarball}`]))
  manifest.dependencies.mobilenetv2 = mobilenetv2
  manifest.overrides = others
  writeFileSync(path, JSON.stringify(manifest))
}

/** For each set of dependencies, the folder in which it was installed first. */
const installed = new Map()

/** Copies an example into a folder and installs its dependencies. Equal dependencies are installed once and then copied. */
export async function install(name, folder, tarballs) {
  cpSync(join(examples, name), folder, { recursive: true, filter: (path) => !/[\\/](node_modules|dist|\.next)$/.test(path) })
  const path = join(folder, 'package.json')
  usePacked(path, tarballs)
  const { dependencies, devDependencies, overrides } = JSON.parse(readFileSync(path, 'utf8'))
  const key = JSON.stringify({ dependencies, devDependencies, overrides })
  if (!installed.has(key)) {
    installed.set(
      key,
      run(folder, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund').then(() => folder),
    )
  }
  const first = await installed.get(key)
  if (first !== folder) {
    cpSync(join(first, 'node_modules'), join(folder, 'node_modules'), { recursive: true, verbatimSymlinks: true })
  }
}

/** Changes a file of an example, so that it loads a model from an address in place of ImageNet's model from its publisher. */
export function loadFrom(folder, file, where) {
  const path = join(folder, file)
  const text = readFileSync(path, 'utf8')
  const told = text.replace(/\bload\(('imagenet-1\.0-224')?(?=[,)])/, `load(${JSON.stringify(where)}`)
  if (told === text) throw new Error(`${file} does not load the model as the test expects: load() or load('imagenet-1.0-224', …)`)
  writeFileSync(path, told)
}
