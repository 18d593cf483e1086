// Mutation testing of the definition and of the arithmetic of 8 bits: Stryker changes the code in one place at a time, and a change that no
// test notices survives. Stryker is installed beside the dependencies, in `.stryker`, because it is 61 MB. It asks for Node 22 or later.
// Prints a table; the details are in `.stryker/report.json`. A second run repeats only what changed. Arguments go on to Stryker.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const version = '10.1.1'
const home = '.stryker/node_modules/@stryker-mutator/core'
const shell = process.platform === 'win32'

const installed = existsSync(`${home}/package.json`) ? JSON.parse(readFileSync(`${home}/package.json`, 'utf8')).version : null
if (installed !== version) {
  const options = ['--prefix', '.stryker', '--legacy-peer-deps', '--no-save', '--no-package-lock', '--no-audit', '--no-fund']
  const packages = ['core', 'vitest-runner'].map((name) => `@stryker-mutator/${name}@${version}`)
  execFileSync('npm', ['install', ...options, ...packages], { stdio: 'inherit', shell })
}
execFileSync(
  process.execPath,
  [`${home}/bin/stryker.js`, 'run', 'scripts/mutation/stryker.config.json', ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
)
