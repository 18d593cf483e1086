import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lackOf, platformOfName, platformPackages } from './platforms.mjs'

test('a name says its platform', () => {
  assert.deepEqual(platformOfName('@turbo/windows-64'), { os: 'win32', cpu: 'x64' })
  assert.deepEqual(platformOfName('@img/sharp-linuxmusl-arm64'), { os: 'linux', cpu: 'arm64', libc: 'musl' })
  assert.deepEqual(platformOfName('@rollup/rollup-linux-arm-gnueabihf'), { os: 'linux', cpu: 'arm', libc: 'glibc' })
  assert.deepEqual(platformOfName('@rollup/rollup-win32-x64-gnu'), { os: 'win32', cpu: 'x64' })
  assert.deepEqual(platformOfName('@oxc-parser/binding-linux-arm-gnueabihf'), { os: 'linux', cpu: 'arm' })
  assert.equal(platformOfName('fsevents'), null)
})

const variants = { 'tool-darwin-arm64': '1.0.0', 'tool-linux-x64': '1.0.0', 'tool-linux-x64-musl': '1.0.0', 'tool-wasi': '1.0.0' }
const complete = {
  '': { dependencies: { tool: '1.0.0' } },
  'node_modules/is-windows': { version: '1.0.0' },
  'node_modules/tool': { version: '1.0.0', optionalDependencies: variants },
  'node_modules/tool-darwin-arm64': { version: '1.0.0', optional: true, os: ['darwin'], cpu: ['arm64'] },
  'node_modules/tool-linux-x64': { version: '1.0.0', optional: true, os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
  'node_modules/tool-linux-x64-musl': { version: '1.0.0', optional: true, os: ['linux'], cpu: ['x64'], libc: ['musl'] },
  'node_modules/tool-wasi': { version: '1.0.0', optional: true, cpu: ['wasm32'] },
}

/** What each package lacks in the complete lockfile with some entries replaced; one replaced by null is left out. */
function lacks(replaced = {}) {
  const packages = Object.fromEntries(Object.entries({ ...complete, ...replaced }).filter(([, entry]) => entry !== null))
  const found = platformPackages(packages).map((one) => [one.name, lackOf(one, packages)])
  return Object.fromEntries(found.filter(([, lacking]) => lacking.length > 0))
}

test('entries that say their platform lack nothing', () => assert.deepEqual(lacks(), {}))

test('an entry of a version alone lacks its platform, whether its name or its siblings say that it has one', () => {
  const bare = { version: '1.0.0', optional: true }
  assert.deepEqual(lacks({ 'node_modules/tool-linux-x64-musl': bare, 'node_modules/tool-wasi': bare }), {
    'tool-linux-x64-musl': ['os linux', 'cpu x64', 'libc musl'],
    'tool-wasi': ['os or cpu'],
  })
})

test('a name without a C library needs one if the variant beside it has one', () => {
  const { libc: _, ...entry } = complete['node_modules/tool-linux-x64']
  assert.deepEqual(lacks({ 'node_modules/tool-linux-x64': entry }), { 'tool-linux-x64': ['libc'] })
})

test('a variant without an entry, or with an entry of another version, lacks an entry', () => {
  assert.deepEqual(lacks({ 'node_modules/tool-darwin-arm64': null }), { 'tool-darwin-arm64': ['an entry'] })
  const older = { ...complete['node_modules/tool-wasi'], version: '0.9.0' }
  assert.deepEqual(lacks({ 'node_modules/tool-wasi': older }), { 'tool-wasi': ['an entry'] })
})

test('a package for another platform must be optional, or npm ci fails where it does not fit', () => {
  const { optional: _, ...entry } = complete['node_modules/tool-darwin-arm64']
  assert.deepEqual(lacks({ 'node_modules/tool-darwin-arm64': entry }), { 'tool-darwin-arm64': ['optional'] })
})
