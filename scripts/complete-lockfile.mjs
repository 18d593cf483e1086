// Completes package-lock.json: adds the packages for other platforms that npm left out (`npm ci` of npm 11 may refuse the lockfile
// otherwise: EUSAGE, missing from lock file), and adds `os`, `cpu` and `libc` if an entry lacks them (npm would install it on every
// machine). npm writes such a lockfile if the registry lacks those packages at that moment.
//
// An entry gets the fields that the registry states for its version. If the registry has no such version, the platform is taken from the
// package's name, and the script prints that. A name without a platform is an error.
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { lackOf, platformOfName, platformPackages } from './lockfile/platforms.mjs'

const path = process.argv[2] ?? new URL('../package-lock.json', import.meta.url)
const text = readFileSync(path, 'utf8')
const lock = JSON.parse(text)
const { packages } = lock
const requestsAtOnce = 8

/** The fields that npm copies from a package into its entry. */
const copied = 'bin cpu dependencies engines libc license optionalDependencies os peerDependencies'.split(' ')

/**
 * The fields that the registry states for a version, with `integrity`; null if it has no such version. It is the registry that npm is set
 * to.
 */
async function registrySays(name, version) {
  const args = ['view', `${name}@${version}`, 'version', 'dist.integrity', ...copied, '--json']
  try {
    const { stdout } = await promisify(execFile)('npm', args, { shell: process.platform === 'win32' })
    if (stdout.trim() === '') return null
    const { 'dist.integrity': integrity, ...said } = JSON.parse(stdout)
    return { ...said, integrity }
  } catch (error) {
    if (/\b(E403|E404|ETARGET)\b/.test(`${error.stdout}${error.stderr}`)) return null
    throw error
  }
}

/** The platform by the package's name, if the registry has no such version. */
function platformByName(name, version) {
  const said = platformOfName(name)
  if (said === null) throw new Error(`${name}@${version}: the registry has no such version, and the name says no platform`)
  console.log(`${name}@${version}: the registry has no such version; its platform is taken from its name`)
  return Object.fromEntries(Object.entries(said).map(([field, value]) => [field, [value]]))
}

/** The fields in npm's order: the version and its hash, then values and lists, then objects. */
function inOrder(entry) {
  const first = ['version', 'resolved', 'integrity']
  const rank = ([field, value]) => {
    const place = first.indexOf(field)
    return place >= 0 ? place : first.length + (typeof value === 'object' && !Array.isArray(value))
  }
  const given = Object.entries(entry).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given.sort((a, b) => rank(a) - rank(b) || (a[0] < b[0] ? -1 : 1)))
}

/** Writes the entry of one package. It is marked as needed for development only if that is true of all packages whose variant it is. */
async function complete({ name, version, place, owners }) {
  if (!/^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) throw new Error(`${name}@${version}: npm install must choose a version first`)
  const before = packages[place] ?? { dev: owners.every((owner) => packages[owner].dev) || undefined }
  const said = (await registrySays(name, version)) ?? platformByName(name, version)
  const free = [`node_modules/${name}`, `${owners[0]}/node_modules/${name}`].find((candidate) => packages[candidate] === undefined)
  packages[place ?? free] = inOrder({ ...before, version, ...said, integrity: before.integrity ?? said.integrity, optional: true })
}

const incomplete = platformPackages(packages).filter((one) => lackOf(one, packages).length > 0 || !packages[one.place].integrity)
for (let at = 0; at < incomplete.length; at += requestsAtOnce) {
  await Promise.all(incomplete.slice(at, at + requestsAtOnce).map(complete))
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')))
const completed = `${JSON.stringify(lock, null, 2)}\n`
if (completed !== text) writeFileSync(path, completed)
console.log(`package-lock.json: ${incomplete.length} entries completed`)
