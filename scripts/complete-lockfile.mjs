// Adds to package-lock.json the optional binaries of foreign platforms that npm left out because a registry lacked them when the
// lock was written; npm 11 refuses the lockfile otherwise (`npm ci`: EUSAGE, missing from lock file).
import { readFileSync, writeFileSync } from 'node:fs'

const path = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(path, 'utf8'))
const exact = /^\d+\.\d+\.\d+[\w.+-]*$/
let added = 0
for (const [owner, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const places = [`${owner}/node_modules/${name}`, `node_modules/${name}`]
    if (!exact.test(version) || places.some((place) => lock.packages[place] !== undefined)) continue
    lock.packages[`node_modules/${name}`] = { version, optional: true, ...(entry.dev && { dev: true }) }
    added += 1
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
if (added > 0) writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`package-lock.json: ${added} optional packages added`)
