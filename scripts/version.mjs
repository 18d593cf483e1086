// Gives all packages their next version, from the changesets, and writes the changelogs. Packages name each other by exact versions, since
// they move together. For the program changesets, an optional peer that leaves its range is a breaking change, so every release would be a
// major one. So while it runs, the peers among this project's packages allow any version. Afterwards they are exact again.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { manifestOf, published, root } from './published.mjs'

const names = new Set(published.map(({ manifest }) => manifest.name))

/** Sets the version that each package asks of its peers among these packages. */
function setPeers(versionOf) {
  for (const { folder } of published) {
    const manifest = manifestOf(folder)
    const peers = Object.keys(manifest.peerDependencies ?? {}).filter((name) => names.has(name))
    if (peers.length === 0) continue
    for (const name of peers) manifest.peerDependencies[name] = versionOf(manifest)
    writeFileSync(join(root, folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  }
}

const run = (program, ...args) =>
  execFileSync(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' })

setPeers(() => '*')
run('npm', 'run', 'changeset', 'version')
setPeers(({ version }) => version)
run('npm', 'install', '--package-lock-only', '--ignore-scripts')
