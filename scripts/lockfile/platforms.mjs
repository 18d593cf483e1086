// Finds the entries of a package-lock.json that are for one platform only, and the fields that they lack. npm takes `os`, `cpu` and `libc`
// only from the lockfile: an entry without them is installed on every machine.

const systems = 'aix android darwin freebsd linux netbsd openbsd openharmony sunos win32'.split(' ')
const processors = 'arm arm64 ia32 loong64 mips64el ppc64 riscv64 s390x x64'.split(' ')

/**
 * The platforms that parts of a package's name stand for, as in `@turbo/windows-64`, `@img/sharp-linuxmusl-x64`,
 * `@rollup/rollup-linux-arm-gnueabihf`.
 */
const meanings = new Map([
  ...systems.map((os) => [os, { os }]),
  ...processors.map((cpu) => [cpu, { cpu }]),
  ['windows', { os: 'win32' }],
  ['macos', { os: 'darwin' }],
  ['linuxmusl', { os: 'linux', libc: 'musl' }],
  ['64', { cpu: 'x64' }],
  ['x86_64', { cpu: 'x64' }],
  ['amd64', { cpu: 'x64' }],
  ['aarch64', { cpu: 'arm64' }],
  ['wasm32', { cpu: 'wasm32' }],
  ['gnu', { libc: 'glibc' }],
  ['gnueabihf', { libc: 'glibc' }],
  ['musl', { libc: 'musl' }],
  ['musleabihf', { libc: 'musl' }],
])

/** Packages for 32-bit ARM that have a C library in their names, but no `libc` in the registry. */
const withoutLibc = /^(@oxc-parser\/binding|@oxc-resolver\/binding|@rolldown\/binding|lightningcss)-linux-arm-(gnu|musl)eabihf$/

/** The platform in a package's name, `{ os?, cpu?, libc? }`; null if the name has no operating system. Only Linux has a C library. */
export function platformOfName(name) {
  const said = Object.assign({}, ...name.split(/[@/-]/).map((part) => meanings.get(part)))
  if (said.os === undefined) return null
  const { os, cpu, libc } = said
  return { os, ...(cpu && { cpu }), ...(os === 'linux' && libc && !withoutLibc.test(name) && { libc }) }
}

/** The name of the package at a place of the lockfile: `node_modules/a/node_modules/@b/c` is `@b/c`. */
export const nameOfPlace = (place) => place.split('node_modules/').at(-1)

/** The place of a dependency of the package at `owner`: inside of it, or in a folder above; null if another version lies there. */
function placeOf(owner, name, wanted, packages) {
  const places = []
  for (let folder = owner; folder !== ''; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    places.push(`${folder}/node_modules/${name}`)
  }
  const place = [...places, `node_modules/${name}`].find((candidate) => packages[candidate] !== undefined)
  if (place === undefined) return null
  return /^\d/.test(wanted) && packages[place].version !== wanted ? null : place
}

/** A package has variants if the names of two of its optional dependencies say platforms: all of them are for one platform each. */
function variantsOf({ optionalDependencies = {} }) {
  const names = Object.keys(optionalDependencies)
  return names.filter((name) => platformOfName(name) !== null).length > 1 ? names : []
}

/**
 * The packages for one platform in the `packages` of a lockfile: every optional package whose name says a platform, and all variants
 * of a package that has some. Each is `{ name, version, place, owners }`: `owners` are the places of the packages that it is a variant
 * of, and `place` is null if the lockfile has no entry for it.
 */
export function platformPackages(packages) {
  const found = new Map()
  for (const [place, { optional, version }] of Object.entries(packages)) {
    const name = nameOfPlace(place)
    if (optional && platformOfName(name) !== null) found.set(place, { name, version, place, owners: [] })
  }
  for (const [owner, entry] of Object.entries(packages)) {
    for (const name of variantsOf(entry)) {
      const wanted = entry.optionalDependencies[name]
      const place = placeOf(owner, name, wanted, packages)
      const key = place ?? `${name}@${wanted}`
      if (!found.has(key)) found.set(key, { name, version: packages[place]?.version ?? wanted, place, owners: [] })
      found.get(key).owners.push(owner)
    }
  }
  return [...found.values()]
}

/** Whether a variant of the same package has this one's system and processor, and says its C library. */
function siblingSaysLibc({ place, owners }, packages) {
  const same = (a, b) => `${a}` === `${b}`
  const { os, cpu } = packages[place]
  return owners.some((owner) =>
    variantsOf(packages[owner]).some((name) => {
      const sibling = packages[placeOf(owner, name, packages[owner].optionalDependencies[name], packages)]
      return sibling?.libc && same(sibling.os, os) && same(sibling.cpu, cpu)
    }),
  )
}

/** The faults of the entry of a package for one platform, in words; empty if npm can choose by the entry. */
export function lackOf(found, packages) {
  if (found.place === null) return ['an entry']
  const entry = packages[found.place]
  const said = platformOfName(found.name)
  const lacks = []
  if (said === null && !entry.os && !entry.cpu) lacks.push('os or cpu')
  for (const [field, value] of Object.entries(said ?? {})) {
    // Some WebAssembly packages state only an operating system.
    if (value !== 'wasm32' && !entry[field]?.includes(value)) lacks.push(`${field} ${value}`)
  }
  if (!said?.libc && !entry.libc && siblingSaysLibc(found, packages)) lacks.push('libc')
  return entry.optional ? lacks : [...lacks, 'optional']
}
