// The packages that make the site. They are installed beside the dependencies, in `.docs`, because their 3 MB would put node_modules above
// the limit of `.ci/run`.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const versions = { 'markdown-it': '14.3.3', 'sugar-high': '2.4.1' }

const home = fileURLToPath(new URL('../../.docs', import.meta.url))

function isInstalled([name, version]) {
  const manifest = join(home, 'node_modules', name, 'package.json')
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version
}

if (!Object.entries(versions).every(isInstalled)) {
  const options = ['--prefix', home, '--no-save', '--no-package-lock', '--no-audit', '--no-fund']
  const packages = Object.entries(versions).map(([name, version]) => `${name}@${version}`)
  execFileSync('npm', ['install', ...options, ...packages], { stdio: 'inherit', shell: process.platform === 'win32' })
}

const { resolve } = createRequire(join(home, 'package.json'))
const load = (name) => import(pathToFileURL(resolve(name)))

export const { default: markdownIt } = await load('markdown-it')
export const { highlight } = await load('sugar-high')
export const { lang } = await load('sugar-high/lang')
