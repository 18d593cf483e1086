// Runs the examples as their readers do: each is copied, its packages are installed (this project's packages as they would be published),
// and it classifies a picture. Arguments name the examples to run; `--all` runs the slow ones too.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openBrowser } from './examples/browser.mjs'
import { checks, slow } from './examples/checks.mjs'
import { makeMaterial } from './examples/material.mjs'
import { exampleNames, install } from './examples/prepare.mjs'
import { packAll } from './pack-packages.mjs'

const { values, positionals } = parseArgs({ options: { all: { type: 'boolean' } }, allowPositionals: true })
const unchecked = exampleNames.filter((name) => !(name in checks))
if (unchecked.length > 0) throw new Error(`scripts/examples/checks.mjs has no check of ${unchecked.join(', ')}`)
const usual = Object.keys(checks).filter((name) => values.all || !slow.includes(name))
const names = positionals.length > 0 ? positionals : usual

const folder = mkdtempSync(join(tmpdir(), 'mobilenetv2-examples-'))
const browser = await openBrowser()
const seconds = (from, to) => `${((to - from) / 1000).toFixed(1)} s`
let failed = 0
try {
  const packing = performance.now()
  const tarballs = packAll(join(folder, 'tarballs'))
  console.log(`${tarballs.size} packages: packed in ${seconds(packing, performance.now())}`)
  const material = await makeMaterial(folder)
  const waiting = names.values()
  async function runThem() {
    for (const name of waiting) {
      const start = performance.now()
      try {
        const copy = join(folder, name)
        await install(name, copy, tarballs)
        const installed = performance.now()
        await checks[name](copy, material, { browser })
        console.log(`${name}: works (installed in ${seconds(start, installed)}, run in ${seconds(installed, performance.now())})`)
      } catch (error) {
        failed++
        console.error(`${name}: ${error.stack ?? error}`)
      }
    }
  }
  // Two at a time, because npm waits for the registry half of the time.
  await Promise.all([runThem(), runThem()])
} finally {
  await browser.close()
  rmSync(folder, { recursive: true })
}
const left = Object.keys(checks).length - names.length
if (left > 0)
  console.log(`${left} left out${values.all || positionals.length > 0 ? '' : `, for their time: ${slow.join(', ')} (--all)`}`)
console.log(`${names.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
