// Writes the API reference into `api`, as typedoc.jsonc says. TypeDoc is installed beside the dependencies, in `.typedoc`: its 21 MB would
// put node_modules above the limit of `.ci/run`. It takes the TypeScript of the workspace.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const version = '0.28.20'
const home = '.typedoc/node_modules/typedoc'

const installed = existsSync(`${home}/package.json`) ? JSON.parse(readFileSync(`${home}/package.json`, 'utf8')).version : null
if (installed !== version) {
  const options = ['--prefix', '.typedoc', '--omit=peer', '--no-save', '--no-package-lock', '--no-audit', '--no-fund']
  execFileSync('npm', ['install', ...options, `typedoc@${version}`], { stdio: 'inherit', shell: process.platform === 'win32' })
}
execFileSync(process.execPath, [`${home}/bin/typedoc`, ...process.argv.slice(2)], { stdio: 'inherit' })
