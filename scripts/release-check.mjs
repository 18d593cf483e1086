// Does everything of a release except the publishing, in a copy of this checkout: it gives the packages their next version, builds, tests,
// packs, installs the tarballs into an empty project, and runs the command line there. It tests the package assembler; with --all, every
// package.
// Changes that are not committed are left out.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manifestOf, published, root } from './published.mjs'

const filter = process.argv.includes('--all') ? [] : ['--', '--filter=@mobilenetv2/assembler']

const run = (cwd, program, ...args) => {
  console.log(`> ${[program, ...args].join(' ')}`)
  const stdio = ['ignore', 'pipe', 'inherit']
  return execFileSync(program, args, { cwd, stdio, encoding: 'utf8', maxBuffer: 2 ** 28, shell: process.platform === 'win32' })
}

/** The version that the strongest changeset asks for. */
function nextVersion() {
  const folder = join(root, '.changeset')
  const texts = readdirSync(folder).map((name) => (name.endsWith('.md') ? readFileSync(join(folder, name), 'utf8') : ''))
  const strongest = ['major', 'minor', 'patch'].findIndex((type) => texts.some((text) => text.includes(`": ${type}\n`)))
  if (strongest < 0) throw new Error('There is no changeset, so there is nothing to release. To add one: npm run changeset')
  const parts = published[0].manifest.version.split('.').map(Number)
  return parts.map((part, place) => (place < strongest ? part : place === strongest ? part + 1 : 0)).join('.')
}

function checkVersions(copy, version) {
  for (const { folder, manifest } of published) {
    const found = manifestOf(folder, copy).version
    if (found !== version) throw new Error(`${manifest.name} would be released as ${found}, and the changesets say ${version}`)
    if (!existsSync(join(copy, folder, 'CHANGELOG.md'))) throw new Error(`${manifest.name} has no CHANGELOG.md`)
  }
}

const version = nextVersion()
const folder = mkdtempSync(join(tmpdir(), 'mobilenetv2-release-'))
try {
  const [copy, tarballs, project] = ['copy', 'tarballs', 'project'].map((name) => join(folder, name))
  for (const path of [tarballs, project]) mkdirSync(path)
  run(root, 'git', 'clone', '--quiet', root, copy)
  run(copy, 'npm', 'ci', '--loglevel=error')
  run(copy, 'node', 'scripts/version.mjs')
  checkVersions(copy, version)
  run(copy, 'npx', 'turbo', 'run', 'build', '--filter=./packages/*')
  run(copy, 'npm', 'test', ...filter)
  run(copy, 'npm', 'pack', '--pack-destination', tarballs, ...published.map(({ manifest }) => `--workspace=${manifest.name}`))

  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true }))
  run(project, 'npm', 'install', '--no-audit', '--no-fund', 'sharp', ...readdirSync(tarballs).map((name) => join(tarballs, name)))
  if (!run(project, 'npx', 'mobilenetv2', 'summary', '--size', '96').includes('MobileNetV2'))
    throw new Error('The command line prints no network.')
  console.log(`release: ${published.length} packages are fit to be published as ${version}`)
} finally {
  rmSync(folder, { recursive: true })
}
